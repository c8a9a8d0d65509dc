import { base64Encode, sha256, utf8Encode } from '@custody/bytes';

const css = [
  'body{font:16px/1.45 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}',
  'h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem;border-bottom:1px solid #999}',
  'article{border:1px solid #bbb;border-left:4px solid #345;border-radius:4px;margin:.6rem 0;padding:.5rem .8rem}',
  'article.context{border-left-color:#bbb;background:#f7f7f7}',
  '.meta{margin:0;color:#333;font-size:.85rem}.body{margin:.4rem 0;white-space:pre-wrap;overflow-wrap:anywhere}',
  '.proof,.attachment{margin:.2rem 0 0;color:#444;font-size:.78rem;overflow-wrap:anywhere}',
  '.unproven{border:1px solid #a60;padding:.4rem .6rem;background:#fff8e8}',
  'table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.2rem .6rem;text-align:left;vertical-align:top}',
  'code{overflow-wrap:anywhere}',
].join('\n');

/** The page's style and the hash by which its content security policy allows it and nothing else. */
export const PAGE_STYLE: { readonly css: string; readonly hash: string } = {
  css,
  hash: base64Encode(sha256(utf8Encode(css))),
};
