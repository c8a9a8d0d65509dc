import type { PageImages } from './page-images.ts';

/** Where an export is written. Names are relative, with `/`, made by the exporter and never by evidence. */
export interface ExportFolder {
  /** Begins a new file, which the exporter closes; several may be open. */
  file(name: string): Promise<ExportFile>;
  /** What makes page images, loaded when asked for; a folder without it takes no format that has them. */
  pageImages?(): Promise<PageImages>;
}

export interface ExportFile {
  write(chunk: string | Uint8Array): Promise<void>;
  close(): Promise<void>;
}
