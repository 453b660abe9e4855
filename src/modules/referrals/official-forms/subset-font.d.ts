declare module 'subset-font' {
  /** A font with the glyphs of a text alone, made by HarfBuzz. */
  export default function subsetFont(font: Buffer, text: string, options?: { targetFormat?: 'truetype'; noHinting?: boolean; dropTables?: readonly string[] }): Promise<Buffer>;
}
