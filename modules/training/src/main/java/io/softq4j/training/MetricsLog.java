package io.softq4j.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.AtomicFiles;
import io.softq4j.common.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** {@code metrics.jsonl}, a {@link StepMetrics} or {@link EvalMetrics} a line, as they happen. */
final class MetricsLog implements AutoCloseable {

    private final Path file;
    private final FileChannel channel;

    private MetricsLog(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Opens the log for lines after {@code step}; what it holds of later steps, or of a line cut short, is dropped. */
    static MetricsLog after(long step, Path file) {
        try {
            if (Files.isRegularFile(file)) {
                String kept = upTo(step, Files.readString(file));
                if (kept.length() < Files.size(file)) {
                    AtomicFiles.writeString(file, kept);
                }
            }
            return new MetricsLog(file, FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    private static String upTo(long step, String text) {
        int end = 0;
        for (int newline = text.indexOf('\n'); newline >= 0; newline = text.indexOf('\n', end)) {
            if (!isUpTo(step, text.substring(end, newline))) {
                break;
            }
            end = newline + 1;
        }
        return text.substring(0, end);
    }

    private static boolean isUpTo(long step, String line) {
        try {
            JsonNode seen = Json.MAPPER.readTree(line).path("step");
            return seen.isIntegralNumber() && seen.longValue() <= step;
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    /** Appends {@code line} as JSON. */
    void append(Object line) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap((Json.MAPPER.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    /** Returns when everything appended is on the disk. */
    void force() {
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
