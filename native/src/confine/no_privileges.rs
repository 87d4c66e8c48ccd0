//! Privileges stay as they are where nobody has found out how to give them up.

use crate::i18n::say;

/// Does nothing; to be another user there has to be a way.
///
/// # Errors
/// If another user was named.
pub(super) fn give_up(user: Option<&str>) -> anyhow::Result<Option<String>> {
    anyhow::ensure!(user.is_none(), say::ELSEWHERE_NO_USER);
    Ok(None)
}
