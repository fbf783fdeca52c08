/** The address of a file that the build copies. */
declare module '*.svg' {
  const url: string;
  export default url;
}

/** Put into the build's style sheet. */
declare module '*.css';
