/** The looks of the HTML page: light and dark, and readable on a telephone. A colour never says alone what a cell says. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #fdfdfb; --ink: #1d2320; --soft: #5b655f; --line: #d9ddd6; --head: #f1f3ee; --link: #1c5d8f;
  --alarm: #a11d1d; --allowed: #704600; --allowed-back: #fdeccb; --own: #17562f; --own-back: #e3f3e6;
  --filtered: #3d4a63; --filtered-back: #e9edf5; --refused: #4b504d; --refused-back: #f0f1ef;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #151917; --ink: #e6eae6; --soft: #a3ada6; --line: #343b37; --head: #1e2421; --link: #8fc4ee;
    --alarm: #ff9d93; --allowed: #f5c878; --allowed-back: #43300b; --own: #9fdcae; --own-back: #16361f;
    --filtered: #b9c8ea; --filtered-back: #222c42; --refused: #b4bbb6; --refused-back: #232826;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 64rem; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .75rem; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; }
p { max-width: 44rem; }
a { color: var(--link); }
code { font: .9em ui-monospace, monospace; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0; padding: 0; list-style: none; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .4rem .75rem; max-width: 48rem; margin: 0; align-items: baseline; }
dd { margin: 0; }
.scroll { overflow-x: auto; margin: 2rem 0 0; }
.scroll:focus-visible, a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: start; font-weight: 600; font-size: 1.1rem; padding: 0 0 .5rem; scroll-margin-top: 1rem; overflow-wrap: anywhere; }
caption small, thead small { color: var(--soft); font-weight: 400; font-size: .8rem; }
thead small { display: block; }
th, td { border: 1px solid var(--line); padding: .4rem .6rem; text-align: start; vertical-align: top; }
thead th { background: var(--head); }
/* The first column stays in sight when a wide table is scrolled. */
th:first-child { position: sticky; inset-inline-start: 0; min-width: 6rem; }
tbody th:first-child { background: var(--paper); }
thead th:not(:first-child) { width: 9.5rem; }
tbody th { font-weight: 600; }
tbody th span { display: block; font-weight: 400; }
td { white-space: nowrap; }
.outcome { display: inline-block; border-radius: .3rem; padding: 0 .45rem; white-space: nowrap; }
.allowed { color: var(--allowed); background: var(--allowed-back); font-weight: 700; }
.own { color: var(--own); background: var(--own-back); }
.filtered { color: var(--filtered); background: var(--filtered-back); }
.refused { color: var(--refused); background: var(--refused-back); }
.none { color: var(--soft); }
.different { display: block; white-space: normal; font-size: .8rem; font-weight: 700; color: var(--alarm); }
.finding { border-inline-start: .3rem solid var(--alarm); background: var(--head); padding: .6rem .9rem; margin: .75rem 0; max-width: 52rem; overflow-wrap: anywhere; }
.finding p { margin: .25rem 0 0; }
@media (max-width: 36rem) {
  body { padding-inline: .75rem; }
  table { font-size: .85rem; }
  th, td { padding: .3rem .35rem; }
  thead th:not(:first-child) { width: auto; }
  .outcome { padding: 0 .25rem; }
  dl { grid-template-columns: 1fr; }
  dt { margin-top: .4rem; }
}
`;
