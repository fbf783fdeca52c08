/** Boxes in pixels of the decoded picture, and what is asked of them. */
import type { BoundingBox } from '@livegate/domain/verdict';

/** Left and top edge, width and height in pixels; may reach outside the picture. */
export type Box = { x: number; y: number; width: number; height: number };

export type Size = { width: number; height: number };

/** Area of a box in square pixels. */
export function areaOf(box: Size): number {
  return box.width * box.height;
}

/** Area in square pixels that two boxes share. */
export function sharedArea(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}

/** Share from 0 to 1 of a box that lies outside a picture of the given size. */
export function shareOutside(box: Box, picture: Size): number {
  // Rounding can leave it a hair below zero.
  return Math.max(0, 1 - sharedArea(box, { x: 0, y: 0, width: picture.width, height: picture.height }) / areaOf(box));
}

/** The part of a box inside the picture, as fractions of the picture's width and height. */
export function toFractions(box: Box, picture: Size): BoundingBox {
  const left = clamp01(box.x / picture.width);
  const top = clamp01(box.y / picture.height);
  const right = clamp01((box.x + box.width) / picture.width);
  const bottom = clamp01((box.y + box.height) / picture.height);
  return { left, top, width: right - left, height: bottom - top };
}

function clamp01(value: number): number {
  return Math.min(1, Math.max(0, value));
}
