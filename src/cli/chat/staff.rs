//! What the team sees, in lines.

use crate::adapters::console::clean;
use crate::adapters::staff;
use crate::engine::StaffPost;

/// A post for the team, in lines; what is about a case begins with its number.
pub(super) fn lines(post: &StaffPost) -> Vec<String> {
    let about = post.case().filter(|_| !matches!(post, StaffPost::Packet(_)));
    let about = about.map(|case| format!("case {case}: ")).unwrap_or_default();
    let text = format!("{about}{}", staff::content(post).to_plain());
    clean(&text).lines().map(str::to_owned).filter(|line| !line.is_empty()).collect()
}
