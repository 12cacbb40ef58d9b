//! The gates that every event of a customer goes through, in this order:
//!
//! 1. [`owner`]: who owns this conversation? While a person does, the bot only passes on.
//! 2. [`may_speak`]: may the bot speak here? Each silence has its reason.
//! 3. [`must_hand_off`]: must a person take it? Hard rules come before any answer.
//!
//! Before them all, `must_hear` says of words alone that nothing may keep them from coming this far.

pub(super) mod may_speak;
pub(super) mod must_hand_off;
pub(super) mod must_hear;
pub(super) mod owner;
