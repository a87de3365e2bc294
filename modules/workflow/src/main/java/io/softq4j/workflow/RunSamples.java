package io.softq4j.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.AtomicFiles;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;

/**
 * {@code samples.jsonl} of a run: what it wrote at each evaluation, an object a sample as {@link SampleLines} has it, with the step.
 *
 * @param file where; there from the first evaluation on
 */
record RunSamples(Path file) {

    private static final String STEP = "step";
    private static final List<String> OWN = List.of(STEP, "set");

    /** The lines of an evaluation. @param set name of the validation set; empty for the one without */
    static String lines(long step, String set, Drawn drawn) {
        return SampleLines.of(drawn).lines().map(line -> {
            ObjectNode sample = object(line);
            OWN.stream().filter(sample::has).forEach(name -> sample.withObject("/columns").set(name,
                    sample.remove(name)));    // of the corpus
            ObjectNode whole = Json.STRICT.createObjectNode().put(STEP, step);
            if (!set.isEmpty()) {
                whole.put("set", set);
            }
            whole.setAll(sample);
            return Json.line(whole) + "\n";
        }).collect(Collectors.joining());
    }

    private static ObjectNode object(String line) {
        try {
            return (ObjectNode) Json.STRICT.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(line, e);
        }
    }

    /** Drops what was written after {@code step}, and lines that were cut short. */
    void keepUntil(long step) {
        if (!Files.isRegularFile(file)) {
            return;
        }
        try {
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);    // a torn line is no UTF-8 perhaps
            String kept = text.lines().filter(line -> isUntil(step, line)).map(line -> line + "\n").collect(Collectors.joining());
            if (!kept.equals(text)) {
                AtomicFiles.writeString(file, kept);
            }
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    private static boolean isUntil(long step, String line) {
        try {
            JsonNode of = Json.STRICT.readTree(line).path(STEP);
            return of.isIntegralNumber() && of.longValue() <= step;
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    /** Appends lines; they are on the disk when it returns. */
    void append(String lines) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer bytes = ByteBuffer.wrap(lines.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    private UserError cannotWrite(IOException e) {
        return new UserError("cannot write " + file + ": " + e.getMessage()
                + ". Training stopped; the checkpoints saved so far are whole. Check free space "
                + "(df -h) and permissions, then resume.", e);
    }
}
