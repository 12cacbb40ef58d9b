//! What one process at a time does: listening to a bot that is asked, holding a connection, sending for a bot. A duty is
//! free when nobody has it or whoever has it is dead.

use std::collections::BTreeSet;

use super::{Postgres, Result};
use crate::store::Duty;

impl Postgres {
    pub(super) async fn take_duty_now(&self, duty: &Duty) -> Result<bool> {
        let taken = sqlx::query(
            "INSERT INTO duties (duty, holder, since) SELECT $1, $2, housevoice_now() \
               WHERE EXISTS (SELECT 1 FROM nodes n WHERE n.node = $2 AND n.until > housevoice_now()) \
             ON CONFLICT (duty) DO UPDATE SET holder = excluded.holder, \
               since = CASE WHEN duties.holder = excluded.holder THEN duties.since ELSE excluded.since END \
               WHERE duties.holder = excluded.holder OR duties.holder IS NULL OR NOT EXISTS \
                 (SELECT 1 FROM nodes n WHERE n.node = duties.holder AND n.until > housevoice_now())",
        )
        .bind(duty.to_string())
        .bind(self.me())
        .execute(&self.pulse)
        .await?;
        Ok(taken.rows_affected() == 1)
    }

    pub(super) async fn duties_taken_now(&self) -> Result<BTreeSet<String>> {
        let taken: Vec<String> = sqlx::query_scalar(
            "SELECT d.duty FROM duties d JOIN nodes n ON n.node = d.holder WHERE n.until > housevoice_now()",
        )
        .fetch_all(&self.pulse)
        .await?;
        Ok(taken.into_iter().collect())
    }

    pub(super) async fn give_up_duty_now(&self, duty: &Duty) -> Result<()> {
        sqlx::query("UPDATE duties SET holder = NULL WHERE duty = $1 AND holder = $2")
            .bind(duty.to_string())
            .bind(self.me())
            .execute(&self.pulse)
            .await?;
        Ok(())
    }

    /// How many processes are at work.
    pub(super) async fn at_work_now(&self) -> Result<u32> {
        let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM nodes WHERE until > housevoice_now()")
            .fetch_one(&self.pulse)
            .await?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX).max(1))
    }
}
