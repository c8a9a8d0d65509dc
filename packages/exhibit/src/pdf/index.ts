export { pageImages } from '../images/page-images.ts';
export { renderPdf } from './render-pdf.ts';
