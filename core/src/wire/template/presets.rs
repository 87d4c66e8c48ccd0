//! The described wires that have a name: what courses' programs speak.
//!
//! Owns their templates, as data, and where each comes from.

/// A named wire: both of its ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// What it is called.
    pub name: &'static str,
    /// What a client sends, and its server reads.
    pub request: &'static str,
    /// What a client takes for a reply, in the order in which it tries.
    pub expect: &'static [&'static str],
    /// What a server answers.
    pub answer: &'static str,
    /// Whose wire it is.
    pub source: &'static str,
}

/// Every preset, by what it is like.
pub const PRESETS: [Preset; 13] = [
    Preset {
        name: "pong",
        request: "(?i)ping{any}",
        expect: &["{any}"],
        answer: "pong",
        source: "ECSU, and many first programs: a reply without a number",
    },
    Preset {
        name: "lower-pong",
        request: "ping {seq} {time:ms}",
        expect: &["pong {seq} {int}"],
        answer: "pong {rest}",
        source: "course programs that compare words in lower case",
    },
    Preset {
        name: "number-plus-one",
        request: "PING {seq} {time:s} {time:us%1000000} \\r\\n",
        expect: &["{seq+1} {int} {int} \\r\\n"],
        answer: "{seq+1} {time:s} {time:us%1000000} \\r\\n",
        source: "NYU, in C",
    },
    Preset {
        name: "whole-number",
        request: "Ping {seq} {time:ms}",
        expect: &["(?i)Ping {seq} {int}", "(?i)Ping {seq} {int} {any}"],
        answer: "{upper}",
        source: "the textbook's, by clients and servers whose time is a whole number",
    },
    Preset {
        name: "two-lines",
        request: "{seq}\\nPING",
        expect: &["(?i){seq}\\nPING"],
        answer: "{echo}",
        source: "course programs that read a line for each field",
    },
    Preset {
        name: "ufes",
        request: "{seq:05}0{time:ms%10000:04}{text:30}",
        expect: &["{seq:05}1{int:04}{text:30}"],
        answer: "{byte:5=1}",
        source: "UFES, M. Martinello: fixed fields of 40 bytes",
    },
    Preset {
        name: "java-utf",
        request: "{len:u16be}PING {seq} {time:ms}",
        expect: &["(?i){len:u16be}PING {seq} {int}"],
        answer: "{echo}",
        source: "Java's DataOutputStream.writeUTF",
    },
    Preset {
        name: "echoed-url",
        request: "PING+{seq-1}+{url:{time:hms}}+secret+",
        expect: &["PINGECHO+{seq-1}+{any}"],
        answer: "PINGECHO+{rest}",
        source: "Yale CS433 and XMU, in Java: the fields of a form",
    },
    Preset {
        name: "hash",
        request: "#{seq} time:{time}",
        expect: &["#{seq} time:{time}"],
        answer: "{echo}",
        source: "heartbeats of course programs",
    },
    Preset {
        name: "heartbeat",
        request: "{seq} {time}",
        expect: &["{seq} {time}"],
        answer: "{echo}",
        source: "the textbook's heartbeat",
    },
    Preset {
        name: "heartbeat-word",
        request: "Heartbeat {seq} {time}",
        expect: &["(?i)Heartbeat {seq} {time}"],
        answer: "{echo}",
        source: "heartbeats of course programs",
    },
    Preset {
        name: "heartbeat-comma",
        request: "{seq},{time}",
        expect: &["{seq},{time}"],
        answer: "{echo}",
        source: "heartbeats of course programs",
    },
    Preset {
        name: "heartbeat-number",
        request: "{seq}",
        expect: &["{seq}"],
        answer: "{echo}",
        source: "heartbeats of course programs: no time",
    },
];

/// The preset of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}
