//! The system calls that answering takes, and no others (seccomp).

use std::collections::BTreeMap;
use std::env::consts::ARCH;
use std::process;

use anyhow::Context as _;
use nix::libc::{
    EPERM, PROT_EXEC, SYS_brk, SYS_clock_gettime, SYS_clock_nanosleep, SYS_close, SYS_exit,
    SYS_exit_group, SYS_futex, SYS_getpid, SYS_gettid, SYS_madvise, SYS_mmap, SYS_mprotect,
    SYS_mremap, SYS_munmap, SYS_ppoll, SYS_recvfrom, SYS_recvmmsg, SYS_recvmsg,
    SYS_restart_syscall, SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn,
    SYS_sched_getaffinity, SYS_sched_yield, SYS_sendmmsg, SYS_sendmsg, SYS_sendto, SYS_sigaltstack,
    SYS_tgkill, SYS_write, SYS_writev,
};
use seccompiler::SeccompCmpArgLen::Dword;
use seccompiler::SeccompCmpOp::{Eq, MaskedEq};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCondition, SeccompFilter, SeccompRule, apply_filter,
};

use crate::words::say;

/// What may be called in any way.
const ALLOWED: &[i64] = &[
    // Waiting, receiving, sending, and saying so.
    SYS_ppoll,
    SYS_recvfrom,
    SYS_recvmsg,
    SYS_recvmmsg,
    SYS_sendto,
    SYS_sendmsg,
    SYS_sendmmsg,
    SYS_write,
    SYS_writev,
    SYS_clock_gettime,
    SYS_clock_nanosleep,
    // Signals, and what they interrupt.
    SYS_rt_sigaction,
    SYS_rt_sigprocmask,
    SYS_rt_sigreturn,
    SYS_restart_syscall,
    SYS_getpid,
    SYS_gettid,
    // Memory.
    SYS_brk,
    SYS_munmap,
    SYS_mremap,
    SYS_madvise,
    // Threads that wait for each other, and the end.
    SYS_futex,
    SYS_sched_yield,
    SYS_sched_getaffinity,
    SYS_sigaltstack,
    SYS_close,
    SYS_exit,
    SYS_exit_group,
];

#[derive(Debug)]
pub(super) struct Sandbox(BpfProgram);

impl Sandbox {
    pub(super) fn prepare() -> anyhow::Result<Self> {
        let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
            ALLOWED.iter().map(|call| (*call, Vec::new())).collect();
        let only_if = |argument, operator, value| {
            let condition = SeccompCondition::new(argument, Dword, operator, value)?;
            SeccompRule::new(vec![condition])
        };
        // Memory for data, none for code.
        let executable = u64::from(PROT_EXEC.unsigned_abs());
        for call in [SYS_mmap, SYS_mprotect] {
            rules.insert(call, vec![only_if(2, MaskedEq(executable), 0)?]);
        }
        // A second SIGINT ends us by ourselves; nobody else is ours to end.
        rules.insert(SYS_tgkill, vec![only_if(0, Eq, process::id().into())?]);
        let refused = SeccompAction::Errno(EPERM.unsigned_abs());
        let filter = SeccompFilter::new(rules, refused, SeccompAction::Allow, ARCH.try_into()?)?;
        Ok(Self(filter.try_into()?))
    }

    /// Confines the calling thread.
    pub(super) fn enter(&self) -> anyhow::Result<()> {
        apply_filter(&self.0).context(say::CONFINED_NONE_OFFERED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::io::{self, ErrorKind};
    use std::net::UdpSocket;
    use std::process::Command;
    use std::thread;

    /// What becomes of `act` in the sandbox, in a thread of its own.
    fn confined<T: Send + 'static>(act: impl FnOnce() -> T + Send + 'static) -> T {
        let thread = thread::spawn(|| {
            Sandbox::prepare().unwrap().enter().unwrap();
            act()
        });
        thread.join().unwrap()
    }

    fn refused<T>(done: io::Result<T>) -> bool {
        done.is_err_and(|error| error.kind() == ErrorKind::PermissionDenied)
    }

    #[test]
    fn nothing_new_can_be_opened_or_started() {
        assert!(File::open("/dev/null").is_ok() && UdpSocket::bind("127.0.0.1:0").is_ok());
        assert!(confined(|| refused(File::open("/dev/null"))));
        assert!(confined(|| refused(UdpSocket::bind("127.0.0.1:0"))));
        assert!(confined(|| refused(Command::new("true").spawn())));
        assert!(confined(|| refused(thread::Builder::new().spawn(|| {}))));
    }

    #[test]
    fn what_is_open_goes_on() {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let place = socket.local_addr().unwrap();
        let heard = confined(move || {
            socket.send_to(&vec![7; 40_000], place)?;
            let mut buffer = vec![0; 1 << 24];
            socket.recv_from(&mut buffer)
        });
        assert_eq!(heard.unwrap(), (40_000, place));
    }
}
