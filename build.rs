//! Builds anew when a migration changes: `sqlx::migrate!` reads the folder, and the compiler does not know that.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
