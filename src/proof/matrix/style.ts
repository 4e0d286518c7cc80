/** What is the matrix's own in its page: the colours of outcomes. A colour never says alone what a cell says. */
export const style = `
:root {
  --allowed: #704600; --allowed-back: #fdeccb; --own: #17562f; --own-back: #e3f3e6;
  --filtered: #3d4a63; --filtered-back: #e9edf5; --refused: #4b504d; --refused-back: #f0f1ef;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --allowed: #f5c878; --allowed-back: #43300b; --own: #9fdcae; --own-back: #16361f;
    --filtered: #b9c8ea; --filtered-back: #222c42; --refused: #b4bbb6; --refused-back: #232826;
  }
}
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0; padding: 0; list-style: none; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .4rem .75rem; max-width: 48rem; margin: 0; align-items: baseline; }
dd { margin: 0; }
.scroll { margin: 2rem 0 0; }
caption { text-align: start; font-weight: 600; font-size: 1.1rem; padding: 0 0 .5rem; scroll-margin-top: 1rem; overflow-wrap: anywhere; }
caption small, thead small { color: var(--soft); font-weight: 400; font-size: .8rem; }
thead small { display: block; }
/* The first column stays in sight when a wide table is scrolled. */
th:first-child { position: sticky; inset-inline-start: 0; min-width: 6rem; }
tbody th:first-child { background: var(--paper); }
thead th:not(:first-child) { width: 9.5rem; }
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
  thead th:not(:first-child) { width: auto; }
  .outcome { padding: 0 .25rem; }
  dl { grid-template-columns: 1fr; }
  dt { margin-top: .4rem; }
}
`;
