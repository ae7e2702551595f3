/** Reads a document of control for a screen, and reads it again when something it depends on changes. */
import { useEffect, useRef, useState } from "preact/hooks";
import { call, messageOf } from "./session.tsx";

/** How long changes that follow each other are collected, before they are read together. */
const COLLECT_MS = 120;

export interface Reading<Answer> {
  readonly answer: Answer | undefined;
  readonly error: string | undefined;
  readonly again: () => void;
}

/** The readings of one path. */
interface Course {
  timer: ReturnType<typeof setTimeout> | undefined;
  begun: number;
  /** The number of the reading that is shown. */
  shown: number;
  isOver: boolean;
}

/**
 * Returns the document at a path of control; `undefined` reads nothing. `version` is any value that asks to read anew. A
 * change neither puts off a reading that is due nor drops one that is under way, because steady traffic would then keep
 * the page from ever showing one.
 */
export function useReading<Answer>(
  path: string | undefined,
  version: unknown = 0,
  collectMs = COLLECT_MS,
): Reading<Answer> {
  const [read, setRead] = useState<{ path: string; answer?: Answer; error?: string }>();
  const [count, setCount] = useState(0);
  const course = useRef<Course | undefined>(undefined);
  useEffect(() => {
    const own: Course = { timer: undefined, begun: 0, shown: 0, isOver: false };
    course.current = own;
    return () => {
      own.isOver = true;
      clearTimeout(own.timer);
    };
  }, [path]);
  useEffect(() => {
    const { current: own } = course;
    if (path === undefined || own === undefined || own.timer !== undefined) return;
    const begin = (): void => {
      own.timer = undefined;
      own.begun += 1;
      const number = own.begun;
      const finish = (result: { answer: Answer } | { error: string }): void => {
        if (own.isOver || number < own.shown) return;
        own.shown = number;
        setRead({ path, ...result });
      };
      call<Answer>("GET", path).then(
        (answer) => {
          finish({ answer });
        },
        (error: unknown) => {
          finish({ error: messageOf(error) });
        },
      );
    };
    own.timer = setTimeout(begin, own.begun === 0 ? 0 : collectMs);
  }, [path, version, count]);
  const isPresent = path !== undefined && read?.path === path;
  return {
    answer: isPresent ? read.answer : undefined,
    error: isPresent ? read.error : undefined,
    again: () => {
      setCount((before) => before + 1);
    },
  };
}
