import { AppError } from './errors.ts';

export interface TurnLimits {
  /** So many things of one person may wait, the one under way counted. */
  readonly perPerson: number;
  /** And of all together. */
  readonly all: number;
  /** What is told to whoever asks for more. */
  readonly refusal: string;
}

/**
 * Work for which people wait, one thing at a time, in turns by person: whoever asks for much waits for it, and holds up another person by
 * one thing and no more.
 */
export class FairTurns {
  readonly #limits: TurnLimits;
  /** In the order of their turns. */
  readonly #waiting = new Map<string, (() => Promise<void>)[]>();
  #now: string | null = null;
  #count = 0;

  constructor(limits: TurnLimits) {
    this.#limits = limits;
  }

  /** @throws AppError the refusal of these turns: too much waits, of this person or of all. */
  do<Result>(person: string, work: () => Promise<Result>): Promise<Result> {
    const own = this.#waiting.get(person) ?? [];
    const { all, perPerson, refusal } = this.#limits;
    if (this.#count >= all || own.length + (this.#now === person ? 1 : 0) >= perPerson) return Promise.reject(new AppError('partner_unavailable', refusal));
    this.#count += 1;
    return new Promise((done, failed) => {
      own.push(() => work().then(done, failed));
      this.#waiting.set(person, own);
      if (this.#now === null) void this.#next();
    });
  }

  async #next(): Promise<void> {
    for (let turn = this.#take(); turn; turn = this.#take()) {
      this.#now = turn.person;
      await turn.work();
      this.#count -= 1;
      this.#now = null;
      // Whoever had a turn comes last.
      const rest = this.#waiting.get(turn.person);
      this.#waiting.delete(turn.person);
      if (rest && rest.length > 0) this.#waiting.set(turn.person, rest);
    }
  }

  #take(): { person: string; work: () => Promise<void> } | null {
    for (const [person, works] of this.#waiting) {
      const work = works.shift();
      if (work) return { person, work };
    }
    return null;
  }
}
