//! A network for each end: a namespace with a loopback interface and a TUN device.
//!
//! Owns the ends' addresses, and what is said where the system does not permit it. What
//! travels between the ends is not known here.

use std::fs::{self, OpenOptions};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use anyhow::Context as _;
use nix::errno::Errno;
use nix::net::if_::if_nametoindex;
use nix::sched::{CloneFlags, unshare};
use nix::unistd::{getegid, geteuid};
use rustix::thread::{
    CapabilitySet, capabilities, configure_capability_in_ambient_set, set_capabilities,
};
use tun_rs::{DeviceBuilder, SyncDevice};

use super::netlink::Netlink;
use crate::i18n::say;

/// An end's address of each family.
pub(super) type Addresses = [IpAddr; 2];

/// Those of the near end, where the command runs, and of the far end, where the server does.
pub(super) const ADDRESSES: [Addresses; 2] = [addresses(1), addresses(2)];

/// The device's name at either end.
const DEVICE: &str = "udping0";

/// How many packets wait there to be carried: more than TCP ever has on its way, so that only
/// the link loses any.
const QUEUE: u32 = 1 << 14;

/// Where such devices come from.
const TUN: &str = "/dev/net/tun";

const fn addresses(end: u8) -> Addresses {
    [
        IpAddr::V4(Ipv4Addr::new(10, 0, 0, end)),
        IpAddr::V6(Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, end as u16)),
    ]
}

/// Whether there can be devices at all, before anything is begun.
///
/// # Errors
/// Says why not.
pub(super) fn check_tun() -> anyhow::Result<()> {
    let opened = OpenOptions::new().read(true).write(true).open(TUN);
    let Err(error) = opened else { return Ok(()) };
    let why = match error.kind() {
        io::ErrorKind::NotFound => say::PATH_NO_TUN.text(),
        io::ErrorKind::PermissionDenied => say::PATH_TUN_DENIED.text(),
        _ => say::PATH_TUN_UNUSABLE.text(),
    };
    Err(error).context(why)
}

/// Moves this process into a network namespace of its own; and before, unless it has the
/// privileges for that, into a user namespace, in which it is the same user.
///
/// # Errors
/// Says what the system does not permit.
pub(super) fn isolate() -> anyhow::Result<()> {
    // The one to have such a namespace, the other to have a device in it.
    let needed = CapabilitySet::SYS_ADMIN | CapabilitySet::NET_ADMIN;
    if !capabilities(None)
        .with_context(refusal)?
        .effective
        .contains(needed)
    {
        user_namespace().with_context(refusal)?;
    }
    isolate_again()
}

/// A further network namespace, once there is one.
pub(super) fn isolate_again() -> anyhow::Result<()> {
    unshare(CloneFlags::CLONE_NEWNET).with_context(refusal)
}

/// A user namespace with this user in it, whose privileges over it are handed down to what it
/// runs: `ping` and `tcpdump` need them.
fn user_namespace() -> anyhow::Result<()> {
    let (user, group) = (geteuid(), getegid());
    unshare(CloneFlags::CLONE_NEWUSER)?;
    fs::write("/proc/self/setgroups", "deny")?;
    fs::write("/proc/self/uid_map", format!("{user} {user} 1"))?;
    fs::write("/proc/self/gid_map", format!("{group} {group} 1"))?;
    let inherited =
        CapabilitySet::NET_ADMIN | CapabilitySet::NET_RAW | CapabilitySet::NET_BIND_SERVICE;
    let mut sets = capabilities(None)?;
    sets.inheritable |= inherited;
    set_capabilities(None, sets)?;
    for capability in inherited.iter() {
        configure_capability_in_ambient_set(capability, true)?;
    }
    Ok(())
}

/// What forbids namespaces, as far as the system tells.
fn refusal() -> &'static str {
    let reads =
        |file: &str, value: &str| fs::read_to_string(file).is_ok_and(|text| text.trim() == value);
    let seccomp = || {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        status
            .lines()
            .any(|it| it.split_whitespace().eq(["Seccomp:", "2"]))
    };
    if reads("/proc/sys/user/max_net_namespaces", "0") {
        return say::PATH_NO_NETWORKS.text();
    }
    if reads("/proc/sys/user/max_user_namespaces", "0")
        || reads("/proc/sys/kernel/unprivileged_userns_clone", "0")
        || reads(
            "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
            "1",
        )
    {
        return say::PATH_NO_USER_NAMESPACES.text();
    }
    if seccomp() {
        return say::PATH_CONFINED.text();
    }
    say::PATH_NO_NAMESPACE.text()
}

/// Whether this namespace has such a device.
pub(super) fn has_device() -> bool {
    if_nametoindex(DEVICE).is_ok()
}

/// The device of this namespace, with its end's addresses.
pub(super) fn device(end: Addresses) -> anyhow::Result<SyncDevice> {
    let device = DeviceBuilder::new().name(DEVICE).build_sync();
    let device = device.context(say::PATH_NO_DEVICE)?;
    configure(end).context(say::PATH_NO_DEVICE)?;
    Ok(device)
}

fn configure(end: Addresses) -> io::Result<()> {
    let netlink = Netlink::open()?;
    netlink.set_up(if_nametoindex("lo")?)?;
    let device = if_nametoindex(DEVICE)?;
    netlink.set_queue(device, QUEUE)?;
    for address in end {
        let bits = if address.is_ipv4() { 24 } else { 64 };
        match netlink.add_address(device, address, bits) {
            // The system has no IPv6, so neither has the path.
            Err(error) if address.is_ipv6() && is_unsupported(&error) => {}
            other => other?,
        }
    }
    netlink.set_up(device)
}

fn is_unsupported(error: &io::Error) -> bool {
    let number = error.raw_os_error().map(Errno::from_raw);
    matches!(
        number,
        Some(Errno::EOPNOTSUPP | Errno::EAFNOSUPPORT | Errno::EACCES)
    )
}
