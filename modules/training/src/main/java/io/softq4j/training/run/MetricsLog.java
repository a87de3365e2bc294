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
     * @param lines that it had when step was saved
     */
    public static MetricsLog after(long step, long lines, Path file) {
        try {
            Kept kept = Files.isRegularFile(file) ? keep(step, file) : new Kept(0, 0);
            long lost = lines - kept.lines + (kept.evaluated == step && step > 0 ? 1 : 0);    // that validation came after the save
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
     * @param evaluated step of the last validation, 0 without one
     */
    private record Kept(long lines, long evaluated) {
    }

    private static Kept keep(long step, Path file) throws IOException {
        List<String> kept = new ArrayList<>();
        long evaluated = 0;
        long later = 0;
        long broken = 0;
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);    // torn lines are no UTF-8 perhaps
        for (String line : text.lines().toList()) {
            long of = step(line);
            if (of >= 0 && of <= step) {
                kept.add(line + "\n");
                evaluated = line.contains("\"eval_loss\"") ? of : evaluated;
            } else if (of > step) {
                later++;
            } else {
                broken++;
            }
        }
        if (later > 0) {
            LOG.info("{}: {} lines after step {} are dropped; these steps are made again", file, later, step);
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

    /** Step of the last validation when the log was opened, 0 without one. */
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
