/** PKWARE APPNOTE.TXT 6.3.10, sections 4.3.7 to 4.3.16 and 4.5.3; WinZip AE specification for method 99. */

export const LOCAL_HEADER = 0x04034b50;
export const LOCAL_HEADER_LENGTH = 30;
export const CENTRAL_HEADER = 0x02014b50;
export const DATA_DESCRIPTOR = 0x08074b50;
export const END_RECORD = 0x06054b50;
export const END_LENGTH = 22;
export const LONGEST_COMMENT = 0xffff;
export const ZIP64_LOCATOR = 0x07064b50;
export const ZIP64_LOCATOR_LENGTH = 20;
export const ZIP64_END = 0x06064b50;
export const ZIP64_END_LENGTH = 56;
export const ZIP64_EXTRA = 0x0001;
export const AES_EXTRA = 0x9901;
export const METHOD_STORED = 0;
export const METHOD_DEFLATED = 8;
export const METHOD_AES = 99;
/** General purpose bit 0: encrypted; bit 3: sizes follow the content. */
export const FLAG_ENCRYPTED = 1;
export const FLAG_DESCRIPTOR = 8;
/** 0xffffffff in a 32-bit field: the ZIP64 extra field has the value. */
export const IN_ZIP64 = 0xffffffff;
/** Longer directories are not read into memory: some 600,000 members. */
export const LARGEST_DIRECTORY: number = 64 * 2 ** 20;
