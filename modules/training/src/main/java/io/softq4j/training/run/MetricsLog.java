package io.softq4j.training.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.AtomicFiles;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import io.softq4j.training.EvalMetrics;
import io.softq4j.training.StepMetrics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code metrics.jsonl}, a {@link StepMetrics} or {@link EvalMetrics} a line, as they happen. */
public final class MetricsLog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MetricsLog.class);

    /** Every evaluation up to the step is kept. */
    public static final long ALL = Long.MAX_VALUE;

    /** Before the first evaluation, which may be made before the first step. */
    private static final long NONE = -1;

    private final Path file;
    private final FileChannel channel;
    private long lines;
    private final long evaluated;

    private MetricsLog(Path file, FileChannel channel, Kept kept) {
        this.file = file;
        this.channel = channel;
        this.lines = kept.lines;
        this.evaluated = kept.evaluated;
    }

    /**
     * Opens the log for lines after {@code step}. What it holds of later steps is dropped, since those steps are made again; so are lines that are
     * none, and that lines are missing is said.
     *
     * @param lines     that it had when step was saved
     * @param evaluated step of the last evaluation that what was saved knows: later ones are dropped, as they are made again. {@link #ALL} if it knows none
     */
    public static MetricsLog after(long step, long lines, long evaluated, Path file) {
        try {
            Kept kept = Files.isRegularFile(file) ? keep(step, evaluated, file) : new Kept(0, NONE);
            boolean after = evaluated == ALL && kept.evaluated == step && step > 0;    // that evaluation came after the save
            long lost = lines - kept.lines + (after ? 1 : 0);
            if (lost > 0) {
                LOG.warn("{}: {} of the {} lines up to step {} are lost; the run goes on without them", file, lost, lines, step);
            }
            return new MetricsLog(file, FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND), kept);
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    /**
     * What is left of a log.
     *
     * @param lines     how many lines
     * @param evaluated step of the last evaluation, -1 without one
     */
    private record Kept(long lines, long evaluated) {
    }

    private static Kept keep(long step, long known, Path file) throws IOException {
        List<String> kept = new ArrayList<>();
        long evaluated = NONE;
        long later = 0;
        long again = 0;
        long broken = 0;
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);    // torn lines are no UTF-8 perhaps
        for (String line : text.lines().toList()) {
            long of = step(line);
            boolean evaluation = line.contains("\"eval_");
            if (of >= 0 && of <= step && (!evaluation || of <= known)) {
                kept.add(line + "\n");
                evaluated = evaluation ? of : evaluated;
            } else if (of > step) {
                later++;
            } else if (of >= 0) {
                again++;
            } else {
                broken++;
            }
        }
        if (later > 0) {
            LOG.info("{}: {} lines after step {} are dropped; these steps are made again", file, later, step);
        }
        if (again > 0) {
            LOG.info("{}: the evaluation after step {} is dropped; it is made again", file, step);
        }
        if (broken > 0) {
            LOG.warn("{}: {} lines that are no metrics, such as one that was cut short, are dropped", file, broken);
        }
        String whole = String.join("", kept);
        if (!whole.equals(text)) {
            AtomicFiles.writeString(file, whole);
        }
        return new Kept(kept.size(), evaluated);
    }

    /** The step of a line; -1 where it is none. */
    private static long step(String line) {
        try {
            JsonNode seen = Json.STRICT.readTree(line).path("step");
            return seen.isIntegralNumber() ? seen.longValue() : -1;
        } catch (JsonProcessingException e) {
            return -1;
        }
    }

    /** How many it has. */
    public long lines() {
        return lines;
    }

    /** Step of the last evaluation when the log was opened, -1 without one. */
    public long evaluated() {
        return evaluated;
    }

    /** Appends {@code line} as JSON. */
    public void append(Object line) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap((Json.STRICT.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            lines++;
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    /** Returns when everything appended is on the disk. */
    public void force() {
        try {
            channel.force(true);
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    private static UserError cannotWrite(Path file, IOException e) {
        return new UserError("cannot write " + file + ": " + e.getMessage() + ". Training stopped; the checkpoints saved so far are whole."
                + " Check free space (df -h) and permissions, then resume.", e);
    }
}
