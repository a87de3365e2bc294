package io.softq4j.workflow;

import io.softq4j.data.Progress;
import java.util.Locale;

/** The stages of a preparation as pieces of work, one after another. */
final class Stages implements Progress, AutoCloseable {

    private final WorkListener progress;
    private Stage stage;
    private WorkListener.Work work;
    private long seen;

    Stages(WorkListener progress) {
        this.progress = progress;
    }

    @Override
    public void at(Stage now, long done, long total) {
        if (now != stage) {
            if (work != null) {
                work.finish();
            }
            close();
            stage = now;
            seen = 0;
            work = progress.begin(now.name().toLowerCase(Locale.ROOT).replace('_', ' '), total, now == Stage.LEARN_MERGES ? "tokens" : "bytes");
        }
        work.add(done - seen);
        seen = done;
    }

    @Override
    public void close() {
        if (work != null) {
            work.close();
        }
    }
}
