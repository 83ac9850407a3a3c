import { renderPage } from '../html/page.js';
import type { Exporter } from './exporter.js';

/** One self-contained page for a browser. */
export const htmlExporter: Exporter = { name: 'html', extension: 'html', render: renderPage };
