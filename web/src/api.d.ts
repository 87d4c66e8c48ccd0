/** Nanoseconds, a whole number. */
export type Nanoseconds = number;
/** Parts per million, a whole number from 0 to 1 000 000. */
export type Ppm = number;

/** When probes go out. */
export type Schedule =
  | { stop_and_wait: { gap_ns: Nanoseconds } }
  | { paced: { interval_ns: Nanoseconds } }
  | { window: { size: number } };

/** What one direction of the path does to packets. What is left out does not happen. */
export interface Impairments {
  loss?:
    | { independent_ppm: Ppm }
    | { bursty: { enter_bad_ppm: Ppm; leave_bad_ppm: Ppm; loss_in_bad_ppm: Ppm; loss_in_good_ppm?: Ppm } };
  delay_ns?: Nanoseconds;
  jitter?:
    | "none"
    | { uniform: { spread_ns: Nanoseconds } }
    | { normal: { sigma_ns: Nanoseconds } }
    | { exponential: { mean_ns: Nanoseconds } }
    | { log_normal: { mean_ns: Nanoseconds; sigma_ns: Nanoseconds } };
  duplicate_ppm?: Ppm;
  reorder?: { rate_ppm: Ppm; extra_ns: Nanoseconds };
  corrupt_ppm?: Ppm;
}

/** Somebody acts on one packet in flight. */
export interface Intervention {
  at_ns: Nanoseconds;
  direction: "request" | "reply";
  packet: { seq: number; copy?: number };
  action: "drop" | "corrupt" | { delay: { by_ns: Nanoseconds } } | { duplicate: { after_ns: Nanoseconds } };
}

/** Everything that a simulated run depends on beyond the client's configuration. */
export interface Scenario {
  /** Where all chance comes from: a whole number from 0 to 2⁵³ − 1. */
  seed: number;
  request?: Impairments;
  reply?: Impairments;
  service_ns?: Nanoseconds;
  interventions?: Intervention[];
}

/** A run to simulate. By default the assignment's: ten probes, one after the other, 1 s each. */
export interface Setup {
  schedule?: Schedule;
  /** From 1 to 1 000 000. */
  count?: number;
  timeout_ns?: Nanoseconds;
  /** How long after the timeout a reply is recognised as late; one timeout by default. */
  late_window_ns?: Nanoseconds;
  /** Bytes of UDP payload a request is padded to. */
  size?: number;
  /** The wire's name, such as `stamp` or `ufes`; the textbook's if it is left out. */
  wire?: string;
  scenario?: Scenario;
}

/** RTTs and the like: exact, but for the percentiles and the median, which are within 0.79 %. */
export interface Distribution {
  n: number;
  min_ns: Nanoseconds;
  mean_ns: Nanoseconds;
  median_ns: Nanoseconds;
  max_ns: Nanoseconds;
  stddev_ns?: Nanoseconds;
  p50_ns: Nanoseconds;
  p90_ns: Nanoseconds;
  p95_ns: Nanoseconds;
  p99_ns: Nanoseconds;
  p99_9_ns: Nanoseconds;
}

/**
 * sent = replied + lost + refused + in_flight; loss = (lost + refused + unsent) / (replied + lost + refused + unsent).
 * What is undefined is absent.
 */
export interface Summary {
  sent: number;
  replied: number;
  unverified: number;
  lost: number;
  late: number;
  refused: number;
  in_flight: number;
  unsent: number;
  missed: number;
  duplicates: number;
  ignored: number;
  /** The best known: the kernel's where there is one, the program's elsewhere. */
  rtt?: Distribution;
  /** Of these, how many are the kernel's. */
  kernel_rtts: number;
  decided_rtt?: Distribution;
  late_rtt?: { n: number; min_ns: Nanoseconds; mean_ns: Nanoseconds; max_ns: Nanoseconds };
  ipdv?: { n: number; mean_abs_ns: Nanoseconds; min_ns: number; max_ns: number };
  jitter_rfc3550_ns?: Nanoseconds;
  reordering?: { reordered: number; max_extent?: number };
  loss_runs?: { count: number; longest: number; current: number };
  host_added?: Distribution;
  kernel_rtts_discarded: number;
}

export type Outcome = "in-flight" | "replied" | "lost" | "late" | "refused" | "unsent" | "unknown";

/** How one probe fared. */
export interface ProbeResult {
  seq: number;
  sent_ns: Nanoseconds;
  outcome: Outcome;
  rtt_ns?: Nanoseconds;
}

export interface Simulation {
  summary: Summary;
  probes: ProbeResult[];
  /** The journal, as `udping simulate` writes it. */
  journal: string;
}

export interface ReplayOptions {
  /** Decide the same session again under this timeout. */
  timeout_ns?: Nanoseconds;
  /** Also tell how each probe fared. */
  probes?: boolean;
}

/** Something to say, without a language: see the page's catalogues. */
export interface Message {
  id: string;
  args: Record<string, string | number>;
}

export interface Replay {
  /** The core decides the same, everywhere. */
  verified: boolean;
  decisions: number;
  differences: number;
  /** The first thousand of them: the record that stands there and the one that the core decides, empty for none. */
  examples: { line: number; seq?: number; recorded: string; decided: string }[];
  /** What the journal does not say. */
  missing_data: Message[];
  summary: Summary;
  probes?: ProbeResult[];
  what_if?: { timeout_ns: Nanoseconds; changes: { seq: number; outcome: Outcome }[]; summary: Summary };
}

/** Simulates a run to its end. Throws an Error that names the field that is wrong. */
export function simulate(setup?: Setup): Simulation;

/** Replays a journal through the core. Throws an Error that says what is wrong, and where. */
export function replay(text: string, options?: ReplayOptions): Replay;
