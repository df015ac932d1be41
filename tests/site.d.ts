// What the page's modules take from libraries, for the check of their types.
declare module "*.mjs" {
  export const getDocument: (source: { data: Uint8Array }) => { promise: Promise<any> };
  export const GlobalWorkerOptions: { workerSrc: string };
  export const version: string;
  export const loadPyodide: (options: object) => Promise<any>;
}
