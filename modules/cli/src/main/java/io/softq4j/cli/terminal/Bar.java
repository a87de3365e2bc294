package io.softq4j.cli.terminal;

import io.softq4j.common.Visible;
import io.softq4j.workflow.WorkListener;
import java.io.PrintStream;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress of one long piece of work: a bar drawn over itself on a terminal, a line every ten seconds elsewhere. */
public final class Bar implements WorkListener.Work {

    private static final long LINE_NANOS = 10_000_000_000L;

    private final String name;
    private long total;
    private final String unit;
    private final PrintStream out;
    private final Line line;
    private final ProgressBar bar;
    private final long start = System.nanoTime();
    private long last = start;
    private long done;

    /** @param total in {@code unit}; the work is done when so much has been added */
    public Bar(String name, long total, String unit) {
        this.name = Visible.text(name);
        this.total = total;
        this.unit = unit;
        this.out = Terminal.progress();
        this.line = new Line(out);
        this.bar = Terminal.redraws() ? new ProgressBarBuilder().setTaskName(this.name).setInitialMax(total).setUnit(" " + unit, 1).setUpdateIntervalMillis(250)
                .setStyle(ProgressBarStyle.ASCII).showSpeed(new DecimalFormat("0.0", DecimalFormatSymbols.getInstance(Locale.ROOT))).setConsumer(line).build() : null;
    }

    @Override
    public void add(long more) {
        at(done + more);
    }

    /** So much is done in all. */
    public void at(long now) {
        done = now;
        if (bar != null) {
            bar.stepTo(now);
        } else if (System.nanoTime() - last >= LINE_NANOS) {
            last = System.nanoTime();
            double seconds = (last - start) / 1e9;
            out.printf(Locale.ROOT, done / seconds < 100 ? "%s: %,d of %,d %s  %,.1f/s  %.0f s left%n" : "%s: %,d of %,d %s  %,.0f/s  %.0f s left%n",
                    name, done, total, unit, done / seconds,
                    seconds * (total - done) / Math.max(1, done));
        }
    }

    @Override
    public void skip(long less) {
        total -= less;
        if (bar != null) {
            bar.maxHint(total);
        }
    }

    @Override
    public void finish() {
        if (bar != null) {
            bar.maxHint(done);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            line.close();
        }
    }

    /** Ends its line once: the library does not end that of a bar closed before it was drawn, and may end another's twice. */
    private static final class Line extends ConsoleProgressBarConsumer {
        private boolean ended;

        Line(PrintStream out) {
            super(out);
        }

        @Override
        public synchronized void close() {
            if (!ended) {
                ended = true;
                super.close();
            }
        }
    }
}
