/** What is the report's own in its page. The colours differ in lightness too, and stand out from the paper by 3 to 1 or more, letters by 4.5. */
export const style = `
:root { --colour-1: #1b5fa8; --colour-2: #c26a12; --colour-3: #6f7f3c; }
@media screen and (prefers-color-scheme: dark) {
  :root { --colour-1: #5fa8ee; --colour-2: #f2b56b; --colour-3: #93a85a; }
}
header p { color: var(--soft); margin: 0; overflow-wrap: anywhere; }
h2 { margin-top: 0; }
section { margin-top: 2.5rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem; margin: 1.5rem 0 0; }
.tiles div { display: flex; flex-direction: column-reverse; justify-content: flex-end; background: var(--head); border: 1px solid var(--line); border-radius: .5rem; padding: .6rem .8rem; }
.tiles dt { color: var(--soft); font-size: .85rem; }
.tiles dd { margin: 0; font-size: 1.5rem; font-weight: 600; line-height: 1.3; font-variant-numeric: tabular-nums; }
.tiles small { display: block; color: var(--soft); font-size: .8rem; font-weight: 400; }
.attention { list-style: none; margin: 0; padding: 0; display: grid; gap: .6rem; }
.attention li { border-inline-start: .3rem solid var(--line); background: var(--head); padding: .5rem .8rem; overflow-wrap: anywhere; }
.attention .problem { border-color: var(--alarm); }
.attention strong { display: inline-block; margin-inline-end: .4rem; }
.attention .problem strong { color: var(--alarm); }
.attention p { margin: .2rem 0 0; max-width: none; color: var(--soft); }
.charts { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 2.5rem 2rem; margin-top: 2.5rem; }
figure { margin: 0; min-width: 0; }
figcaption p, .about { margin: 0 0 .6rem; color: var(--soft); font-size: .9rem; }
.wide { grid-column: 1 / -1; }
.legend { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; margin: 0 0 .5rem; padding: 0; list-style: none; font-size: .85rem; }
.legend li::before { content: ''; display: inline-block; width: .8em; height: .8em; margin-inline-end: .4em; border-radius: .15em; background: var(--colour-1); }
.legend .colour-2::before { background: var(--colour-2); }
.legend .colour-3::before { background: var(--colour-3); }
.chart { display: block; width: 100%; overflow: visible; font-size: 12px; }
.chart.with-margin { width: calc(100% - 3rem); margin-inline-start: 3rem; }
.chart text { fill: var(--soft); }
.chart .name { fill: var(--ink); paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
.chart .end { text-anchor: end; }
.chart .middle { text-anchor: middle; }
.chart .grid { stroke: var(--line); }
.chart .mark { stroke: var(--soft); }
.chart rect { stroke: var(--paper); stroke-width: .5px; }
.chart .colour-1 { fill: var(--colour-1); }
.chart .colour-2 { fill: var(--colour-2); }
.chart .colour-3 { fill: var(--colour-3); }
.chart .area { fill: var(--colour-1); opacity: .15; }
.chart .line { fill: none; stroke: var(--colour-1); stroke-width: 2px; stroke-linejoin: round; }
.empty { color: var(--soft); border: 1px dashed var(--line); border-radius: .5rem; padding: 1.2rem; max-width: none; }
details { margin-top: .5rem; }
summary { color: var(--link); cursor: pointer; font-size: .9rem; width: fit-content; }
details .scroll { margin-top: .5rem; max-height: 24rem; overflow-y: auto; }
table { font-size: .9rem; }
.others { min-width: 7.5rem; overflow-wrap: anywhere; }
.code { min-width: 17rem; overflow-wrap: anywhere; }
.wide > .scroll { margin-top: .75rem; }
tbody th { font-weight: 400; }
.number { text-align: end; white-space: nowrap; font-variant-numeric: tabular-nums; }
@media (max-width: 46rem) {
  .charts { grid-template-columns: minmax(0, 1fr); }
}
@media print {
  figure, .tiles div, .attention li, tr { break-inside: avoid; }
  .tiles div, .attention li, .chart rect, .legend li::before { print-color-adjust: exact; }
  details:not([open]), summary { display: none; }
  details .scroll { max-height: none; }
}
`;
