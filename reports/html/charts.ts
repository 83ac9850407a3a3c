/**
 * Charts that any report can use: data in, SVG as markup out, coloured by the page's style. A page that
 * has a rate chart also has `chartPatterns` once, before it.
 */
export { type ChartSize, rateChart } from './rate-chart.js';
export { type ChartMargins, chartMargins, type RateChart, type RateRow, rateRows, showsCeiling } from './rate-rows.js';
export { rooflineChart } from './roofline-chart.js';
export type { Peak, Peaks } from './roofline-scene.js';
export { type RoundPoint, roundsChart } from './rounds-chart.js';
export { chartPatterns, drawSvg } from './svg.js';
