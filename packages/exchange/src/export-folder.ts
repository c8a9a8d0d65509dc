/** Where an export is written. Names are relative, with `/`, made by the exporter and never by evidence. */
export interface ExportFolder {
  /** Begins a new file; the exporter closes it before it begins the next. */
  file(name: string): Promise<ExportFile>;
}

export interface ExportFile {
  write(chunk: string | Uint8Array): Promise<void>;
  close(): Promise<void>;
}
