/** A phone's camera over a screen: the text of the QR code in a picture. */
import decodeQR from 'qr/decode.js';
import sharp from 'sharp';

/** Throws when there is no code to be found. */
export async function readCode(screenshot: Buffer): Promise<string> {
  const { data, info } = await sharp(screenshot).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return decodeQR({ width: info.width, height: info.height, data: new Uint8ClampedArray(data) });
}
