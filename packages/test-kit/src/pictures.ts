/** Pictures made for a test: sizes, formats and faults that no camera gives. */
import sharp from 'sharp';

export type PictureFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff';

const BACKGROUND = '#8a7f70';

/** One colour. */
export function plainPicture(width: number, height: number, format: PictureFormat = 'jpeg'): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: BACKGROUND }, limitInputPixels: false })
    .toFormat(format)
    .toBuffer();
}

/** Two pictures of 960x720 beside each other. */
export function sideBySide(left: Buffer, right: Buffer): Promise<Buffer> {
  return sharp({ create: { width: 1920, height: 720, channels: 3, background: BACKGROUND } })
    .composite([
      { input: left, left: 0, top: 0 },
      { input: right, left: 960, top: 0 },
    ])
    .jpeg({ quality: 92 })
    .toBuffer();
}

/** A face as a dim screen shows it, without contrast and in cold light: still found and scored, and no profile is sure of it. */
export function washedOut(picture: Buffer): Promise<Buffer> {
  return sharp(picture).linear(0.5, 90).tint('#a0b0ff').jpeg({ quality: 30 }).toBuffer();
}

/** The same picture in another format, at most `size` pixels long. */
export function asFormat(picture: Buffer, format: PictureFormat, size = 960): Promise<Buffer> {
  return sharp(picture).resize(size, size, { fit: 'inside' }).toFormat(format).toBuffer();
}

/** A logo as clients have them: words in one colour on nothing. */
export function wordmark(words: string, colour: string): Promise<Buffer> {
  return sharp({ text: { text: `<span foreground="${colour}"><b>${words}</b></span>`, rgba: true, dpi: 300 } })
    .png()
    .toBuffer();
}
