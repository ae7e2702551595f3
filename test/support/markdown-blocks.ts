/** Finds the fenced code blocks of Markdown pages. */

/** A fenced block of a page. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** The line number of the block's first line in the page, from 1. */
  readonly line: number;
}

/** Returns the fenced blocks of a page, in order. */
export function blocksIn(markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: { language: string; lines: string[]; line: number } | undefined;
  for (const [index, text] of markdown.split("\n").entries()) {
    const fence = /^```(\w*)/.exec(text);
    if (fence === null) open?.lines.push(text);
    else if (open === undefined) open = { language: fence[1] ?? "", lines: [], line: index + 2 };
    else {
      blocks.push({ language: open.language, text: open.lines.join("\n"), line: open.line });
      open = undefined;
    }
  }
  return blocks;
}
