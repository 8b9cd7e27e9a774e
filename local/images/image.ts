/** An image as a folder of this machine. */
export interface Image {
  readonly name: string;
  /** Each path of the image that the folder holds, and where it lies. */
  readonly paths: readonly { readonly from: string; readonly to: string }[];
  readonly environment: Readonly<Record<string, string>>;
  /** Folders of programs, before those of this machine. */
  readonly programs: readonly string[];
}
