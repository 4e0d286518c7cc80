/** What all pages look like: light and dark, readable on a telephone and on paper. */

export const baseStyle = `
:root {
  color-scheme: light dark;
  --paper: #fdfdfb; --ink: #1d2320; --soft: #5b655f; --line: #d9ddd6; --head: #f1f3ee; --link: #1c5d8f; --alarm: #a11d1d;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #151917; --ink: #e6eae6; --soft: #a3ada6; --line: #343b37; --head: #1e2421; --link: #8fc4ee; --alarm: #ff9d93;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 64rem; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .75rem; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; }
p { max-width: 44rem; }
a { color: var(--link); }
code { font: .9em ui-monospace, monospace; }
.scroll { overflow-x: auto; }
.scroll:focus-visible, a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid var(--line); padding: .4rem .6rem; text-align: start; vertical-align: top; }
thead th { background: var(--head); }
tbody th { font-weight: 600; }
@media print {
  :root { color-scheme: light; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .scroll { overflow: visible; }
}
@media (max-width: 36rem) {
  body { padding-inline: .75rem; }
  table { font-size: .85rem; }
  th, td { padding: .3rem .35rem; }
}
`;
