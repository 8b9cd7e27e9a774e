/** A parsed cron expression of AWS: six fields in UTC. */
export interface Cron {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly years: ReadonlySet<number>;
  readonly isDay: (day: Day) => boolean;
}

interface Day {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly date: number;
  /** 1 is Sunday. */
  readonly weekday: number;
  readonly lastDate: number;
}

interface Range {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Further ahead no schedule is searched; a 29 February on a given weekday comes within 40 years. */
const HORIZON_DAYS = 41 * 366;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const DATE_RANGE = { min: 1, max: 31 };
const WEEKDAY_RANGE = { min: 1, max: 7, names: WEEKDAYS };

/** Parses `minutes hours day-of-month month day-of-week year`, undefined when it is malformed. */
export function parseCron(text: string): Cron | undefined {
  const [minute = '', hour = '', date = '', month = '', weekday = '', year = '', ...more] = text.trim().split(/\s+/);
  if (more.length > 0 || (date === '?') === (weekday === '?')) return undefined;
  const minutes = parseField(minute, { min: 0, max: 59 });
  const hours = parseField(hour, { min: 0, max: 23 });
  const months = parseField(month, { min: 1, max: 12, names: MONTHS });
  const years = parseField(year, { min: 1970, max: 2199 });
  const isDay = weekday === '?' ? parseDates(date) : parseWeekdays(weekday);
  if (
    minutes === undefined ||
    hours === undefined ||
    months === undefined ||
    years === undefined ||
    isDay === undefined
  ) {
    return undefined;
  }
  return { minutes, hours, months, years, isDay };
}

/** The first matching minute after `afterMs` (epoch milliseconds). */
export function nextCronTime(cron: Cron, afterMs: number): number | undefined {
  const earliest = (Math.floor(afterMs / MINUTE_MS) + 1) * MINUTE_MS;
  const firstDay = Math.floor(earliest / DAY_MS) * DAY_MS;
  for (let i = 0; i < HORIZON_DAYS; i += 1) {
    const midnight = firstDay + i * DAY_MS;
    if (!isCronDay(cron, dayOf(midnight))) continue;
    const found = timesOfDay(cron).find((offsetMs) => midnight + offsetMs >= earliest);
    if (found !== undefined) return midnight + found;
  }
  return undefined;
}

function isCronDay(cron: Cron, day: Day): boolean {
  return cron.years.has(day.year) && cron.months.has(day.month) && cron.isDay(day);
}

function timesOfDay(cron: Cron): number[] {
  const ascending = (values: ReadonlySet<number>): number[] => [...values].sort((a, b) => a - b);
  return ascending(cron.hours).flatMap((hour) =>
    ascending(cron.minutes).map((minute) => (hour * 60 + minute) * MINUTE_MS),
  );
}

function dayOf(midnight: number): Day {
  const date = new Date(midnight);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth() + 1;
  const lastDate = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return { year, month, date: date.getUTCDate(), weekday: date.getUTCDay() + 1, lastDate };
}

/** `*`, `a`, `a-b`, `a/n`, `a-b/n` and lists of them. */
function parseField(text: string, range: Range): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const [span = '', step] = part.split('/');
    const [from, to] = parseSpan(span, range, step !== undefined);
    const stride = step === undefined ? 1 : Number(step);
    if (from === undefined || to === undefined || from > to || !Number.isInteger(stride) || stride < 1)
      return undefined;
    for (let value = from; value <= to; value += stride) values.add(value);
  }
  return values;
}

function parseSpan(span: string, range: Range, isOpen: boolean): [number | undefined, number | undefined] {
  if (span === '*') return [range.min, range.max];
  const [from = '', to] = span.split('-');
  const first = parseValue(from, range);
  if (to !== undefined) return [first, parseValue(to, range)];
  return [first, isOpen ? range.max : first];
}

function parseValue(text: string, range: Range): number | undefined {
  const named = range.names?.indexOf(text.toUpperCase()) ?? -1;
  const value = named >= 0 ? named + range.min : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= range.min && value <= range.max ? value : undefined;
}

/** Days of the month: `L` is the last one, `15W` the weekday nearest to the 15th within the month. */
function parseDates(text: string): ((day: Day) => boolean) | undefined {
  if (text === 'L') return (day) => day.date === day.lastDate;
  const nearest = parseValue(/^(\d+)W$/.exec(text)?.[1] ?? '', DATE_RANGE);
  if (nearest !== undefined) return (day) => day.date === nearestWeekday(day, nearest);
  const dates = parseField(text, DATE_RANGE);
  return dates === undefined ? undefined : (day) => dates.has(day.date);
}

/** Days of the week: `6L` is the last Friday of the month, `3#2` its second Tuesday. */
function parseWeekdays(text: string): ((day: Day) => boolean) | undefined {
  const last = parseValue(/^(\w+?)L$/i.exec(text)?.[1] ?? '', WEEKDAY_RANGE);
  if (last !== undefined) return (day) => day.weekday === last && day.date > day.lastDate - 7;
  const [, name = '', nth] = /^(\w+)#([1-5])$/.exec(text) ?? [];
  const weekday = parseValue(name, WEEKDAY_RANGE);
  if (weekday !== undefined) return (day) => day.weekday === weekday && Math.ceil(day.date / 7) === Number(nth);
  const weekdays = parseField(text === 'L' ? 'SAT' : text, WEEKDAY_RANGE);
  return weekdays === undefined ? undefined : (day) => weekdays.has(day.weekday);
}

function nearestWeekday(day: Day, wanted: number): number {
  const date = Math.min(wanted, day.lastDate);
  const weekday = (((day.weekday - 1 + date - day.date) % 7) + 7) % 7;
  if (weekday === 6) return date === 1 ? 3 : date - 1;
  if (weekday === 0) return date === day.lastDate ? date - 2 : date + 1;
  return date;
}
