import { base64Encode, sha256, utf8Encode } from '@custody/bytes';

const css = [
  'body{font:16px/1.45 system-ui,"Noto Sans",sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}',
  'h1{font-size:1.5rem;margin-bottom:.2rem}h2{font-size:1.15rem;margin-top:2rem;border-bottom:1px solid #999}h3{font-size:1rem;margin:1rem 0 .2rem}',
  'article{border:1px solid #bbb;border-left:.35rem solid #888;border-radius:.3rem;margin:.6rem 6rem .6rem 0;padding:.5rem .8rem;break-inside:avoid}',
  'article.outgoing{margin:.6rem 0 .6rem 6rem;border-left-color:#27613a}article.incoming{border-left-color:#1d4f8c}',
  'article.context{background:#f5f5f5;border-style:dashed}article.selected{background:#fffef6}',
  '.who{margin:0;font-size:.9rem}.tag{font-size:.72rem;border:1px solid #777;border-radius:.6rem;padding:0 .45rem;margin-left:.3rem;color:#333;background:#fff}',
  '.when{margin:0;font-size:.85rem;font-variant-numeric:tabular-nums}.when small,.small{color:#555;font-size:.75rem}',
  '.body{margin:.45rem 0;white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:plaintext;text-align:start;max-height:60rem;overflow:auto}',
  '.withheld{background:#222;color:#fff;padding:0 .4rem;border-radius:.2rem;font-size:.8rem}',
  '.cp{font:.7rem monospace;border:1px solid #a60;color:#740;background:#fff3dd;border-radius:.2rem;padding:0 .15rem;unicode-bidi:isolate}',
  '.line,.small{margin:.2rem 0 0;overflow-wrap:anywhere}.line{font-size:.85rem}',
  '.unproven{border:1px solid #a60;padding:.4rem .6rem;background:#fff8e8}.mono,code{font-family:ui-monospace,monospace;font-size:.85em;overflow-wrap:anywhere}',
  'table{border-collapse:collapse;font-size:.9rem}td,th{border:1px solid #bbb;padding:.2rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}td.n{text-align:right;font-variant-numeric:tabular-nums}',
  'bdi{overflow-wrap:anywhere}ul{padding-left:1.2rem}',
].join('\n');

/** The page's style and the hash by which its content security policy allows it and nothing else. */
export const PAGE_STYLE: { readonly css: string; readonly hash: string } = {
  css,
  hash: base64Encode(sha256(utf8Encode(css))),
};
