package io.softq4j.data;

import io.softq4j.common.UserError;
import io.softq4j.data.row.Column;
import io.softq4j.data.row.DropReason;
import io.softq4j.data.row.RowError;
import io.softq4j.data.step.DuplicateFilter;
import io.softq4j.data.step.RenderTransform;
import io.softq4j.data.step.RowFilter;
import io.softq4j.data.step.StringWritable;
import io.softq4j.tokens.TokenizerExhausted;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.datavec.api.transform.DataAction;
import org.datavec.api.transform.TransformProcess;
import org.datavec.api.transform.filter.Filter;
import org.datavec.api.writable.Writable;

/**
 * Runs a {@link TransformProcess} over a corpus with several threads; what comes out is what one thread and {@link TransformProcess#execute} give,
 * in the order of the rows. One thread reads, the others do the steps on blocks of rows, and what remembers earlier rows
 * ({@link DuplicateFilter}) is asked row after row at the end. A few blocks are in memory at a time.
 */
final class PipelineRun {

    /**
     * What became of a row.
     *
     * @param read   the row
     * @param reason why it is left out, or null
     * @param error  what was wrong with it, or null
     * @param output the columns behind the last step, or null if it is left out
     */
    record Outcome(CorpusCursor.Read read, DropReason reason, UserError error, List<Writable> output) {
    }

    /** A row on its way: what {@code seen} later says about the signatures may still leave it out. */
    private record Passed(CorpusCursor.Read read, UserError error, DropReason reason, List<Writable> output, List<Object> signatures) {
    }

    private static final int ROWS_IN_BLOCK = 256;
    private static final long CHARS_IN_BLOCK = 1 << 20;

    private final List<DataAction> steps;
    private final List<Column> columns;
    private final OnError onError;
    private final int threads;

    /** @param columns those the process begins with */
    PipelineRun(TransformProcess process, List<Column> columns, OnError onError, int threads) {
        this.steps = process.getActionList();
        this.columns = columns;
        this.onError = onError;
        this.threads = threads;
    }

    /**
     * Runs to the end of the corpus.
     *
     * @param outcomes is told what became of each row, in order, on the thread of the caller
     * @param progress is told after each block, on the same
     * @throws UserError the first in the order of the rows, naming file and line
     */
    void run(Mixture rows, Consumer<Outcome> outcomes, Runnable progress) {
        ExecutorService workers = Executors.newFixedThreadPool(threads, work -> {
            Thread thread = new Thread(work, "softq-prepare");
            thread.setDaemon(true);
            return thread;
        });
        try {
            ArrayDeque<Future<List<Passed>>> blocks = new ArrayDeque<>();
            for (List<CorpusCursor.Read> block = block(rows); !block.isEmpty(); block = block(rows)) {
                List<CorpusCursor.Read> mine = block;
                blocks.add(workers.submit(() -> mine.stream().map(this::pass).toList()));
                if (blocks.size() > 2 * threads) {
                    finish(blocks.remove(), outcomes);
                    progress.run();
                }
            }
            while (!blocks.isEmpty()) {
                finish(blocks.remove(), outcomes);
            }
            progress.run();
        } finally {
            workers.shutdownNow();
        }
    }

    private static List<CorpusCursor.Read> block(Mixture rows) {
        List<CorpusCursor.Read> block = new ArrayList<>();
        long chars = 0;
        while (block.size() < ROWS_IN_BLOCK && chars < CHARS_IN_BLOCK) {
            CorpusCursor.Read read = rows.next();
            if (read == null) {
                break;
            }
            block.add(read);
            chars += read.row() == null ? 0 : read.row().size();
        }
        return block;
    }

    private Passed pass(CorpusCursor.Read read) {
        List<Object> signatures = new ArrayList<>(0);
        if (read.error() != null) {
            return new Passed(read, read.error(), read.error().reason(), null, signatures);
        }
        try {
            List<Writable> row = new ArrayList<>(columns.size());
            for (Column column : columns) {
                row.add(new StringWritable(column.of(read.row())));
            }
            for (DataAction step : steps) {
                if (step.getFilter() != null) {
                    if (leavesOut(step.getFilter(), row, signatures)) {
                        DropReason reason = step.getFilter() instanceof RowFilter f ? f.reason() : DropReason.FILTERED;
                        return new Passed(read, null, reason, null, signatures);
                    }
                } else {
                    row = map(step, row);
                }
            }
            return new Passed(read, null, null, row, signatures);
        } catch (RowError e) {
            return new Passed(read, e, e.reason(), null, signatures);
        } catch (StepError e) {
            return new Passed(read, new UserError(read.row().file() + ":" + read.line() + ": " + e.getMessage(), e.getCause()), e.reason, null, signatures);
        }
    }

    private static boolean leavesOut(Filter filter, List<Writable> row, List<Object> signatures) {
        if (filter instanceof DuplicateFilter<?> duplicates) {
            signatures.add(duplicates.signature(row));
            return false;
        }
        try {
            return filter.removeExample(row);
        } catch (StackOverflowError e) {
            throw new StepError(DropReason.TRANSFORM_FAILED, filter + " ran out of stack: a regular expression with a repeated group, such as (a|b)*, "
                    + "on a long text. Write it without the group, such as [ab]*", e);
        } catch (UserError e) {
            throw e;
        } catch (RuntimeException e) {
            throw new StepError(DropReason.TRANSFORM_FAILED, filter + " failed: " + e, e);
        }
    }

    private static List<Writable> map(DataAction step, List<Writable> row) {
        try {
            return step.getTransform().map(row);
        } catch (RowError e) {
            throw e;
        } catch (TokenizerExhausted e) {
            throw new StepError(DropReason.NOT_TOKENIZED, e.getMessage(), e);
        } catch (UserError e) {
            throw new StepError(step.getTransform() instanceof RenderTransform ? DropReason.NOT_RENDERED : null, e.getMessage(), e);
        } catch (RuntimeException e) {
            throw new StepError(DropReason.TRANSFORM_FAILED, step.getTransform().getClass().getName() + " failed: " + e, e);
        }
    }

    private void finish(Future<List<Passed>> block, Consumer<Outcome> outcomes) {
        List<Passed> rows;
        try {
            rows = block.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("the preparation was interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        }
        for (Passed row : rows) {
            if (row.error() != null && (row.reason() == null || onError == OnError.FAIL)) {
                throw row.error();
            }
            DropReason before = duplicate(row.signatures());
            DropReason reason = before == null ? row.reason() : before;
            outcomes.accept(new Outcome(row.read(), reason, before == null ? row.error() : null, reason == null ? row.output() : null));
        }
    }

    /** A row that a later step left out has been seen all the same: its duplicates are duplicates. */
    private DropReason duplicate(List<Object> signatures) {
        int at = 0;
        for (DataAction step : steps) {
            if (at < signatures.size() && step.getFilter() instanceof DuplicateFilter<?> filter) {
                if (seen(filter, signatures.get(at++))) {
                    return filter.reason();
                }
            }
        }
        return null;
    }

    @SuppressWarnings("unchecked")
    private static <S> boolean seen(DuplicateFilter<S> filter, Object signature) {
        return filter.seen((S) signature);
    }

    /** What a step made of a row; {@code reason} is null where the row may not be skipped. */
    private static final class StepError extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final DropReason reason;

        StepError(DropReason reason, String message, Throwable cause) {
            super(message, cause);
            this.reason = reason;
        }
    }
}
