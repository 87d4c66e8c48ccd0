//! What can be wrong with a client or a server: its name, and where it is taught.
//!
//! Owns the list. What shows a bug is the judge's.

use crate::i18n::{Message, say};

macro_rules! bugs {
    ($($bug:ident $id:literal $number:expr, $lesson:expr, $title:ident, $why:ident;)+) => {
        /// A bug; the numbered ones are those of the guide to classroom clients.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(super) enum Bug { $($bug,)+ }

        impl Bug {
            /// What programs call it.
            pub(super) const fn id(self) -> &'static str {
                match self { $(Self::$bug => $id,)+ }
            }

            /// Its number among the known fourteen.
            pub(super) const fn number(self) -> Option<u8> {
                match self { $(Self::$bug => $number,)+ }
            }

            /// The lesson that teaches it.
            pub(super) const fn lesson(self) -> Option<&'static str> {
                match self { $(Self::$bug => $lesson,)+ }
            }

            /// What people call it.
            pub(super) const fn title(self) -> Message {
                match self { $(Self::$bug => say::$title,)+ }
            }

            /// Why that is wrong.
            pub(super) const fn why(self) -> Message {
                match self { $(Self::$bug => say::$why,)+ }
            }
        }
    };
}

/// What shows a bug, and so what stands beside what should be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Evidence {
    Printed,
    Sent,
    Answered,
    /// What it did besides: how it ended, how long it waited.
    Done,
}

impl Evidence {
    /// What programs call it.
    pub(super) const fn id(self) -> &'static str {
        match self {
            Self::Printed => "printed",
            Self::Sent => "sent",
            Self::Answered => "answered",
            Self::Done => "done",
        }
    }

    /// What people call what was seen, and what should have been.
    pub(super) const fn titles(self) -> [Message; 2] {
        match self {
            Self::Printed => [say::GRADE_PRINTED, say::GRADE_TRUTH],
            Self::Sent => [say::GRADE_SENT, say::GRADE_WANTED],
            Self::Answered => [say::GRADE_ANSWERED, say::GRADE_WANTED],
            Self::Done => [say::GRADE_DONE, say::GRADE_TRUTH],
        }
    }
}

impl Bug {
    /// What shows it.
    pub(super) const fn evidence(self) -> Evidence {
        match self {
            Self::SocketPerPing
            | Self::Fields
            | Self::Tcp
            | Self::Count
            | Self::Form
            | Self::Numbers
            | Self::SentTwice
            | Self::Spacing
            | Self::BeatTime
            | Self::BeatUneven => Evidence::Sent,
            Self::NoAnswer
            | Self::WrongAnswer
            | Self::AnswerElsewhere
            | Self::AnsweredTwice
            | Self::SlowAnswer
            | Self::AnswerChanged
            | Self::AnswerRepeated
            | Self::AnswerTruncated
            | Self::AnswerCut => Evidence::Answered,
            Self::TimeoutLength
            | Self::NoTimeout
            | Self::Hang
            | Self::Endless
            | Self::Network
            | Self::GraderFiles
            | Self::Limits => Evidence::Done,
            _ => Evidence::Printed,
        }
    }
}

const LATE: Option<&str> = Some("late-reply");
const TIMEOUT: Option<&str> = Some("timeout");
const DELAY: Option<&str> = Some("delay");
const ORDER: Option<&str> = Some("duplicates-and-order");
const FIGURES: Option<&str> = Some("misleading-figures");
const BEATS: Option<&str> = Some("heartbeat");
const SERVER: Option<&str> = Some("udp-server");

bugs! {
    LateCredited "late-credited" Some(1), LATE, BUG_LATE_CREDITED, WHY_LATE_CREDITED;
    TimerRestarts "timer-restarts" Some(2), LATE, BUG_TIMER_RESTARTS, WHY_TIMER_RESTARTS;
    SocketPerPing "socket-per-ping" Some(3), LATE, BUG_SOCKET_PER_PING, WHY_SOCKET_PER_PING;
    LossInverted "loss-inverted" Some(4), FIGURES, BUG_LOSS_INVERTED, WHY_LOSS_INVERTED;
    Statistics "statistics" Some(5), FIGURES, BUG_STATISTICS, WHY_STATISTICS;
    CrashAllLost "crash-all-lost" Some(6), FIGURES, BUG_CRASH_ALL_LOST, WHY_CRASH_ALL_LOST;
    Units "units" Some(7), DELAY, BUG_UNITS, WHY_UNITS;
    Clock "clock" Some(8), DELAY, BUG_CLOCK, WHY_CLOCK;
    NoTimeout "no-timeout" Some(9), TIMEOUT, BUG_NO_TIMEOUT, WHY_NO_TIMEOUT;
    RefusedAsTimeout "refused-as-timeout" Some(10), SERVER, BUG_REFUSED_AS_TIMEOUT, WHY_REFUSED_AS_TIMEOUT;
    ArrivalOrder "arrival-order" Some(11), ORDER, BUG_ARRIVAL_ORDER, WHY_ARRIVAL_ORDER;
    DuplicateCredited "duplicate-credited" Some(12), ORDER, BUG_DUPLICATE_CREDITED, WHY_DUPLICATE_CREDITED;
    ByteComparison "byte-comparison" Some(12), SERVER, BUG_BYTE_COMPARISON, WHY_BYTE_COMPARISON;
    Padding "padding-refused" Some(12), SERVER, BUG_PADDING, WHY_PADDING;
    Sender "sender-unverified" Some(12), ORDER, BUG_SENDER, WHY_SENDER;
    Fields "fields" Some(13), None, BUG_FIELDS, WHY_FIELDS;
    Tcp "tcp" Some(14), Some("udp-and-tcp"), BUG_TCP, WHY_TCP;
    Count "count" None, Some("first-ping"), BUG_COUNT, WHY_COUNT;
    Form "form" None, Some("first-ping"), BUG_FORM, WHY_FORM;
    Numbers "numbers" None, Some("first-ping"), BUG_NUMBERS, WHY_NUMBERS;
    SentTwice "sent-twice" None, ORDER, BUG_SENT_TWICE, WHY_SENT_TWICE;
    Spacing "spacing" None, Some("first-ping"), BUG_SPACING, WHY_SPACING;
    TimeoutLength "timeout-length" None, TIMEOUT, BUG_TIMEOUT_LENGTH, WHY_TIMEOUT_LENGTH;
    ReplyCalledLost "reply-called-lost" None, TIMEOUT, BUG_REPLY_CALLED_LOST, WHY_REPLY_CALLED_LOST;
    GarbageCredited "garbage-credited" None, ORDER, BUG_GARBAGE_CREDITED, WHY_GARBAGE_CREDITED;
    RttOfLost "rtt-of-lost" None, TIMEOUT, BUG_RTT_OF_LOST, WHY_RTT_OF_LOST;
    WrongRtt "wrong-rtt" None, DELAY, BUG_WRONG_RTT, WHY_WRONG_RTT;
    WrongLoss "wrong-loss" None, FIGURES, BUG_WRONG_LOSS, WHY_WRONG_LOSS;
    Crash "crash" None, None, BUG_CRASH, WHY_CRASH;
    Hang "hang" None, TIMEOUT, BUG_HANG, WHY_HANG;
    Endless "endless" None, None, BUG_ENDLESS, WHY_ENDLESS;
    NotPrinted "not-printed" None, Some("first-ping"), BUG_NOT_PRINTED, WHY_NOT_PRINTED;
    NoRtt "no-rtt" None, DELAY, BUG_NO_RTT, WHY_NO_RTT;
    NoAnswer "no-answer" None, SERVER, BUG_NO_ANSWER, WHY_NO_ANSWER;
    WrongAnswer "wrong-answer" None, SERVER, BUG_WRONG_ANSWER, WHY_WRONG_ANSWER;
    ServerDied "server-died" None, SERVER, BUG_SERVER_DIED, WHY_SERVER_DIED;
    AnswerElsewhere "answer-elsewhere" None, SERVER, BUG_ANSWER_ELSEWHERE, WHY_ANSWER_ELSEWHERE;
    AnsweredTwice "answered-twice" None, SERVER, BUG_ANSWERED_TWICE, WHY_ANSWERED_TWICE;
    SlowAnswer "slow-answer" None, SERVER, BUG_SLOW_ANSWER, WHY_SLOW_ANSWER;
    AnswerChanged "answer-changed" None, SERVER, BUG_ANSWER_CHANGED, WHY_ANSWER_CHANGED;
    AnswerRepeated "answer-repeated" None, SERVER, BUG_ANSWER_REPEATED, WHY_ANSWER_REPEATED;
    AnswerTruncated "answer-truncated" None, SERVER, BUG_ANSWER_TRUNCATED, WHY_ANSWER_TRUNCATED;
    AnswerCut "answer-cut" None, SERVER, BUG_ANSWER_CUT, WHY_ANSWER_CUT;
    BeatWaits "beat-waits" None, BEATS, BUG_BEAT_WAITS, WHY_BEAT_WAITS;
    BeatTime "beat-time" None, BEATS, BUG_BEAT_TIME, WHY_BEAT_TIME;
    BeatUneven "beat-uneven" None, BEATS, BUG_BEAT_UNEVEN, WHY_BEAT_UNEVEN;
    BeatDifference "beat-difference" None, BEATS, BUG_BEAT_DIFFERENCE, WHY_BEAT_DIFFERENCE;
    BeatLoss "beat-loss" None, BEATS, BUG_BEAT_LOSS, WHY_BEAT_LOSS;
    BeatOrder "beat-order" None, ORDER, BUG_BEAT_ORDER, WHY_BEAT_ORDER;
    StopUnsaid "stop-unsaid" None, BEATS, BUG_STOP_UNSAID, WHY_STOP_UNSAID;
    StopEarly "stop-early" None, BEATS, BUG_STOP_EARLY, WHY_STOP_EARLY;
    Network "network" None, None, BUG_NETWORK, WHY_NETWORK;
    GraderFiles "grader-files" None, None, BUG_GRADER_FILES, WHY_GRADER_FILES;
    Limits "limits" None, None, BUG_LIMITS, WHY_LIMITS;
}
