// The start of a body as it was before it was compressed.
import * as zlib from 'node:zlib';

/** How much one layer may expand to; what expands to more is cut shorter before. */
const MOST = 1024 * 1024;

const { BROTLI_OPERATION_FLUSH, Z_SYNC_FLUSH, ZSTD_e_flush } = zlib.constants;
/** By the names that `content-encoding` has for them; zstd only where Node has it. */
const DECODERS = {
  gzip: decoder(zlib.gunzipSync, Z_SYNC_FLUSH),
  'x-gzip': decoder(zlib.gunzipSync, Z_SYNC_FLUSH),
  deflate: decoder(inflateSync, Z_SYNC_FLUSH),
  br: decoder(zlib.brotliDecompressSync, BROTLI_OPERATION_FLUSH),
  ...(zlib.zstdDecompressSync && { zstd: decoder(zlib.zstdDecompressSync, ZSTD_e_flush) }),
};

/** Decodes what there is of a stream that may end early. */
function decoder(decode, finishFlush) {
  return (bytes) => decode(bytes, { finishFlush, maxOutputLength: MOST });
}

/** Inflates also what lacks the header that it should have, as some servers send it. */
function inflateSync(bytes, options) {
  const hasHeader = (bytes[0] & 0x0f) === 8 && ((bytes[0] << 8) | bytes[1]) % 31 === 0;
  return hasHeader ? zlib.inflateSync(bytes, options) : zlib.inflateRawSync(bytes, options);
}

/**
 * The body, or its start, without the encodings that the header names.
 *
 * Bytes that cannot be decoded are returned as they are; the core says then
 * that it could not read them.
 *
 * @param {Buffer} bytes
 * @param {string | undefined} contentEncoding
 * @param {boolean} truncated whether `bytes` are only the start
 */
export function decodedStart(bytes, contentEncoding, truncated) {
  const encodings = (contentEncoding ?? '').toLowerCase().split(',').map((name) => name.trim());
  let body = bytes;
  let cut = truncated;
  for (const encoding of encodings.reverse()) {
    const decode = DECODERS[encoding];
    if (decode === undefined || body.byteLength === 0) continue;
    const decoded = decodeWhatFits(decode, body);
    if (decoded === null) return { body: bytes, truncated };
    body = decoded.body;
    cut ||= decoded.cut;
  }
  return { body, truncated: cut };
}

/** Decodes as much of the start as does not expand beyond `MOST`. */
function decodeWhatFits(decode, bytes) {
  for (let length = bytes.byteLength; length > 0; length >>= 1) {
    try {
      return { body: decode(bytes.subarray(0, length)), cut: length < bytes.byteLength };
    } catch (error) {
      if (error.code !== 'ERR_BUFFER_TOO_LARGE') return null;
    }
  }
  return null;
}
