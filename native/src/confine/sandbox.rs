//! The system calls that a task takes, and no others (seccomp).
//!
//! Owns the list of them. What a task is for, and when it goes in, is the parent's.

use std::collections::BTreeMap;
use std::env::consts::ARCH;
use std::process;

use anyhow::Context as _;
use nix::libc::{
    CLONE_THREAD, ENOSYS, EPERM, F_DUPFD_CLOEXEC, IPPROTO_TCP, O_ACCMODE, O_APPEND, O_CREAT,
    O_TRUNC, PR_SET_NAME, PROT_EXEC, SO_RCVTIMEO, SO_SNDTIMEO, SOL_SOCKET, SYS_accept4, SYS_bind,
    SYS_brk, SYS_clock_gettime, SYS_clock_nanosleep, SYS_clone, SYS_clone3, SYS_close, SYS_connect,
    SYS_execve, SYS_execveat, SYS_exit, SYS_exit_group, SYS_fcntl, SYS_fstat, SYS_futex,
    SYS_getpid, SYS_getrandom, SYS_getsockname, SYS_getsockopt, SYS_gettid, SYS_io_uring_setup,
    SYS_lseek, SYS_madvise, SYS_mmap, SYS_mprotect, SYS_mremap, SYS_munmap, SYS_openat, SYS_ppoll,
    SYS_prctl, SYS_pread64, SYS_process_vm_readv, SYS_process_vm_writev, SYS_ptrace, SYS_read,
    SYS_readlinkat, SYS_recvfrom, SYS_recvmmsg, SYS_recvmsg, SYS_restart_syscall, SYS_rseq,
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_sched_getaffinity, SYS_sched_yield,
    SYS_sendmmsg, SYS_sendmsg, SYS_sendto, SYS_set_robust_list, SYS_setsockopt, SYS_shutdown,
    SYS_sigaltstack, SYS_socket, SYS_statx, SYS_tgkill, SYS_write, SYS_writev, TCP_NODELAY,
};
use seccompiler::SeccompCmpArgLen::Dword;
use seccompiler::SeccompCmpOp::{Eq, MaskedEq};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    apply_filter, apply_filter_all_threads,
};

#[cfg(target_arch = "x86_64")]
use nix::libc::{SYS_fork, SYS_readlink, SYS_vfork};

use super::Task;
use crate::i18n::say;

/// What may be called in any way, whatever the task.
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
    SYS_shutdown,
    SYS_close,
    // Of a file that is open already: the kernel's count of what found no room.
    SYS_pread64,
    SYS_exit,
    SYS_exit_group,
];

/// What else may be called in any way, to take connections in, each with a thread of its own.
const ACCEPTING: &[i64] = &[
    SYS_accept4,
    SYS_set_robust_list,
    SYS_rseq,
    // Refused all the same, see [`unknown`].
    SYS_clone3,
];

/// What else may be called in any way, to measure: sockets for targets that come later, and what
/// the kernel says of them in files.
const MEASURING: &[i64] = &[
    SYS_socket,
    SYS_bind,
    SYS_connect,
    SYS_getsockname,
    SYS_getsockopt,
    SYS_setsockopt,
    SYS_getrandom,
    SYS_prctl,
    SYS_fcntl,
    SYS_read,
    #[cfg(target_arch = "x86_64")]
    SYS_readlink,
    SYS_readlinkat,
    SYS_fstat,
    SYS_statx,
    SYS_lseek,
];

/// What no thread of a process that measures may call: what starts a program, and what reaches
/// into another one or around this filter.
const STARTING: &[i64] = &[
    SYS_execve,
    SYS_execveat,
    #[cfg(target_arch = "x86_64")]
    SYS_fork,
    #[cfg(target_arch = "x86_64")]
    SYS_vfork,
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_io_uring_setup,
];

#[derive(Debug)]
pub(super) struct Sandbox {
    /// For all threads that there are.
    process: Vec<BpfProgram>,
    /// For the one that enters, and those that it starts.
    programs: Vec<BpfProgram>,
}

impl Sandbox {
    pub(super) fn prepare(task: Task) -> anyhow::Result<Self> {
        let mut allowed = rules(ALLOWED);
        // Memory for data, none for code.
        let executable = u64::from(PROT_EXEC.unsigned_abs());
        for call in [SYS_mmap, SYS_mprotect] {
            allowed.insert(call, vec![if_all([(2, MaskedEq(executable), 0)])?]);
        }
        // A second SIGINT ends us by ourselves; nobody else is ours to end.
        let own = u64::from(process::id());
        allowed.insert(SYS_tgkill, vec![if_all([(0, Eq, own)])?]);
        let mut programs = Vec::new();
        if task == Task::Accept {
            programs.push(unknown(SYS_clone3)?);
            allowed.extend(rules(ACCEPTING));
            // Threads, but no processes.
            let thread = number(CLONE_THREAD);
            allowed.insert(SYS_clone, vec![if_all([(0, MaskedEq(thread), thread)])?]);
            allowed.insert(SYS_prctl, vec![if_all([(0, Eq, number(PR_SET_NAME))])?]);
            let duplicate = number(F_DUPFD_CLOEXEC);
            allowed.insert(SYS_fcntl, vec![if_all([(1, Eq, duplicate)])?]);
            let option = |level, name| if_all([(1, Eq, number(level)), (2, Eq, number(name))]);
            let options = vec![
                option(SOL_SOCKET, SO_RCVTIMEO)?,
                option(SOL_SOCKET, SO_SNDTIMEO)?,
                option(IPPROTO_TCP, TCP_NODELAY)?,
            ];
            allowed.insert(SYS_setsockopt, options);
        }
        let refused = || SeccompAction::Errno(EPERM.unsigned_abs());
        let mut process = Vec::new();
        if task == Task::Measure {
            allowed.extend(rules(MEASURING));
            // Files that are there, to be read.
            let writes = number(O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND);
            allowed.insert(SYS_openat, vec![if_all([(2, MaskedEq(writes), 0)])?]);
            let mut denied = rules(STARTING);
            let thread = number(CLONE_THREAD);
            denied.insert(SYS_clone, vec![if_all([(0, MaskedEq(thread), 0)])?]);
            process.push(unknown(SYS_clone3)?);
            process.push(program(denied, SeccompAction::Allow, refused())?);
        }
        programs.push(program(allowed, refused(), SeccompAction::Allow)?);
        Ok(Self { process, programs })
    }

    /// Confines the calling thread, and those that it starts; and the others as far as that is
    /// its task's.
    pub(super) fn enter(&self) -> anyhow::Result<()> {
        for program in &self.process {
            apply_filter_all_threads(program).context(say::CONFINED_NONE_OFFERED)?;
        }
        for program in &self.programs {
            apply_filter(program).context(say::CONFINED_NONE_OFFERED)?;
        }
        Ok(())
    }
}

/// A call that behaves as if the kernel were too old to have it: what it is to do stands in
/// memory, where no filter sees it, and the C library then does the same by an older call.
fn unknown(call: i64) -> anyhow::Result<BpfProgram> {
    let unknown = SeccompAction::Errno(ENOSYS.unsigned_abs());
    program(rules(&[call]), SeccompAction::Allow, unknown)
}

fn program(
    rules: Rules,
    otherwise: SeccompAction,
    matched: SeccompAction,
) -> anyhow::Result<BpfProgram> {
    let filter = SeccompFilter::new(rules, otherwise, matched, ARCH.try_into()?)?;
    Ok(filter.try_into()?)
}

/// What matches a call: any of these, or the call alone if there are none.
type Rules = BTreeMap<i64, Vec<SeccompRule>>;

fn rules(calls: &[i64]) -> Rules {
    calls.iter().map(|call| (*call, Vec::new())).collect()
}

/// Holds if all these arguments compare so.
fn if_all<const N: usize>(arguments: [(u8, SeccompCmpOp, u64); N]) -> anyhow::Result<SeccompRule> {
    let conditions = arguments
        .into_iter()
        .map(|(argument, operator, value)| SeccompCondition::new(argument, Dword, operator, value))
        .collect::<Result<_, _>>()?;
    Ok(SeccompRule::new(conditions)?)
}

/// A constant of the system, none of which is negative.
fn number(constant: i32) -> u64 {
    u64::from(constant.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::io::{self, ErrorKind, Read as _, Write as _};
    use std::net::{TcpListener, TcpStream, UdpSocket};
    use std::process::Command;
    use std::thread;
    use std::time::Duration;

    /// What becomes of `act` in the sandbox, in a thread of its own.
    fn confined<T: Send + 'static>(task: Task, act: impl FnOnce() -> T + Send + 'static) -> T {
        let thread = thread::spawn(move || {
            Sandbox::prepare(task).unwrap().enter().unwrap();
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
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let door = listener.local_addr().unwrap();
        for task in [Task::Answer, Task::Accept] {
            assert!(confined(task, || refused(File::open("/dev/null"))));
            assert!(confined(task, || refused(UdpSocket::bind("127.0.0.1:0"))));
            assert!(confined(task, move || refused(TcpStream::connect(door))));
            assert!(confined(task, || refused(Command::new("true").spawn())));
        }
        let thread = || thread::Builder::new().spawn(|| {});
        assert!(confined(Task::Answer, move || refused(thread())));
        assert!(confined(Task::Answer, move || refused(listener.accept())));
    }

    /// What measures takes all other threads along, and so has a process of its own.
    #[test]
    fn what_measures_opens_sockets_and_reads_and_writes_nothing() {
        const INSIDE: &str = "UDPING_TEST_MEASURE";
        if std::env::var_os(INSIDE).is_none() {
            let test = thread::current().name().unwrap().to_owned();
            let mut again = Command::new(std::env::current_exe().unwrap());
            let again = again.args([&*test, "--exact"]).env(INSIDE, "1");
            let ended = again.output().unwrap();
            let said = String::from_utf8_lossy(&ended.stdout);
            assert!(
                ended.status.success() && said.contains("1 passed"),
                "{said}"
            );
            return;
        }
        let (go, gone) = std::sync::mpsc::channel();
        let other = thread::spawn(move || {
            gone.recv().unwrap();
            let file = File::options().append(true).open("/dev/null");
            (
                refused(Command::new("true").spawn()),
                file.is_ok(),
                thread::spawn(|| ()).join().is_ok(),
            )
        });
        let measuring = confined(Task::Measure, || {
            let written = File::options().append(true).open("/dev/null");
            (
                refused(Command::new("true").spawn()),
                refused(written),
                File::open("/dev/null").is_ok(),
                UdpSocket::bind("127.0.0.1:0").is_ok(),
            )
        });
        assert_eq!(measuring, (true, true, true, true));
        go.send(()).unwrap();
        assert_eq!(other.join().unwrap(), (true, true, true));
    }

    #[test]
    fn what_is_open_goes_on() {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let place = socket.local_addr().unwrap();
        let received = confined(Task::Answer, move || {
            socket.send_to(&vec![7; 40_000], place)?;
            let mut buffer = vec![0; 1 << 24];
            socket.recv_from(&mut buffer)
        });
        assert_eq!(received.unwrap(), (40_000, place));
    }

    #[test]
    fn connections_are_taken_in_and_served_by_threads_as_confined() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        client.write_all(b"ping").unwrap();
        let served = confined(Task::Accept, move || {
            let (mut stream, _) = listener.accept()?;
            stream.set_nodelay(true)?;
            let patience = Some(Duration::from_secs(10));
            stream.set_read_timeout(patience)?;
            stream.set_write_timeout(patience)?;
            let other = stream.try_clone()?;
            let named = thread::Builder::new().name("a connection".to_owned());
            let thread = named.spawn(move || {
                let mut four = [0; 4];
                stream.read_exact(&mut four)?;
                stream.write_all(&four)?;
                other.shutdown(std::net::Shutdown::Both)?;
                io::Result::Ok(refused(File::open("/dev/null")))
            })?;
            thread.join().unwrap()
        });
        assert!(served.unwrap());
        let mut all = String::new();
        client.read_to_string(&mut all).unwrap();
        assert_eq!(all, "ping");
    }
}
