package io.softq4j.training.run;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.softq4j.common.AtomicFiles;
import io.softq4j.common.FileManifest;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The baseline of a run on the disk, a number for each position that is read of each example: a directory, there whole or not at all, of
 *
 * <pre>
 *   baseline.json     what it is, and of what: model, data, how they are read; the number, where it is one for all
 *   PART.lengths      for each example of a part the positions that have a number, 0 where there is none; int32, little-endian
 *   PART.values       their numbers, one example after the other; float32, little-endian
 *   manifest.json     {@link FileManifest}
 * </pre>
 *
 * Values are read when their example is; in memory are 8 bytes an example. Safe to share between threads.
 */
public final class BaselineFiles implements AutoCloseable {

    /** What it is called in a run directory. */
    public static final String DIRECTORY = "baseline";

    private static final String FILE = "baseline.json";
    private static final int VERSION = 1;
    private static final int COPIED = 1 << 16;
    private static final JsonMapper JSON = Json.records().build();

    private final Path directory;
    private final Description description;
    private final Map<String, Part> parts;

    /**
     * {@code baseline.json}.
     *
     * @param formatVersion of these files
     * @param of            all that decides the numbers, by name
     * @param constant      the number of every position; 0 where each has its own
     * @param parts         names of the parts whose positions have numbers of their own
     */
    private record Description(int formatVersion, SortedMap<String, String> of, double constant, List<String> parts) {
    }

    private record Part(long[] offsets, FileChannel values) {

        int length(long index) {
            int i = Math.toIntExact(index);
            return Math.toIntExact(offsets[i + 1] - offsets[i]);
        }
    }

    /** Computes the numbers of one example after the other, in any order. */
    @FunctionalInterface
    public interface Computation {

        /** Gives each of the positions of an example, whose number in its part is {@code index}, its number. */
        void into(Sink sink) throws IOException;

        /** Takes what was computed. */
        @FunctionalInterface
        interface Sink {
            void put(String part, long index, float[] values) throws IOException;
        }
    }

    private BaselineFiles(Path directory, Description description, Map<String, Part> parts) {
        this.directory = directory;
        this.description = description;
        this.parts = parts;
    }

    /** Writes one number for all positions. */
    public static void write(Path directory, Map<String, String> of, double constant) {
        AtomicFiles.writeDirectory(directory, target -> {
            Files.writeString(target.resolve(FILE), Json.pretty(JSON, new Description(VERSION, new TreeMap<>(of), constant, List.of())));
            FileManifest.write(target);
        });
    }

    /**
     * Writes a number for each position.
     *
     * @param lengths by part, the positions of each example that get one
     */
    public static void write(Path directory, Map<String, String> of, Map<String, int[]> lengths, Computation computation) {
        AtomicFiles.writeDirectory(directory, target -> {
            Map<String, Part> open = new LinkedHashMap<>();
            try {
                for (Map.Entry<String, int[]> part : lengths.entrySet()) {
                    writeLengths(target.resolve(part.getKey() + ".lengths"), part.getValue());
                    open.put(part.getKey(), new Part(offsets(part.getValue()), FileChannel.open(target.resolve(part.getKey() + ".values"),
                            StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)));
                }
                long[] written = new long[1];
                computation.into((name, index, values) -> {
                    Part part = open.get(name);
                    if (part.length(index) != values.length) {
                        throw new IllegalArgumentException(name + " " + index + ": " + values.length + " values for "
                                + part.length(index) + " positions");
                    }
                    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
                    bytes.asFloatBuffer().put(values);
                    for (long at = 4 * part.offsets()[Math.toIntExact(index)]; bytes.hasRemaining(); ) {
                        at += part.values().write(bytes, at);
                    }
                    written[0] += values.length;
                });
                long expected = open.values().stream().mapToLong(part -> part.offsets()[part.offsets().length - 1]).sum();
                if (written[0] != expected) {
                    throw new IllegalStateException(written[0] + " of " + expected + " positions were computed");
                }
            } finally {
                close(open);
            }
            Files.writeString(target.resolve(FILE), Json.pretty(JSON, new Description(VERSION, new TreeMap<>(of), 0,
                    List.copyOf(lengths.keySet()))));
            FileManifest.write(target);
        });
    }

    private static void writeLengths(Path file, int[] lengths) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int from = 0; from < lengths.length; from += COPIED) {
                int n = Math.min(COPIED, lengths.length - from);
                ByteBuffer bytes = ByteBuffer.allocate(4 * n).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asIntBuffer().put(lengths, from, n);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
            }
        }
    }

    private static long[] offsets(int[] lengths) {
        long[] offsets = new long[lengths.length + 1];
        for (int i = 0; i < lengths.length; i++) {
            offsets[i + 1] = offsets[i] + lengths[i];
        }
        return offsets;
    }

    /** Whether a directory is such a one, perhaps damaged. */
    public static boolean isIn(Path directory) {
        return Files.exists(directory.resolve(FILE));
    }

    /** Whether a directory is such a one, whole and of {@code of}. */
    public static boolean isWhole(Path directory, Map<String, String> of) {
        try {
            return Files.isDirectory(directory) && fault(directory).isEmpty() && read(directory).of().equals(of);
        } catch (IOException | UserError e) {
            return false;
        }
    }

    private static String fault(Path directory) throws IOException {
        Map<String, String> faults = FileManifest.read(directory).faults(directory);
        return faults.isEmpty() ? "" : faults.entrySet().iterator().next().getKey() + ": " + faults.entrySet().iterator().next().getValue();
    }

    /**
     * Opens it and compares every byte with its manifest.
     *
     * @throws UserError if it is damaged
     */
    public static BaselineFiles open(Path directory) {
        Map<String, Part> parts = new LinkedHashMap<>();
        try {
            String fault = fault(directory);
            if (!fault.isEmpty()) {
                throw damaged(directory, fault);
            }
            Description description = read(directory);
            for (String name : description.parts()) {
                ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(directory.resolve(name + ".lengths"))).order(ByteOrder.LITTLE_ENDIAN);
                int[] lengths = new int[bytes.remaining() / 4];
                bytes.asIntBuffer().get(lengths);
                parts.put(name, new Part(offsets(lengths), FileChannel.open(directory.resolve(name + ".values"))));
            }
            return new BaselineFiles(directory, description, parts);
        } catch (IOException e) {
            close(parts);
            throw damaged(directory, Json.reason(e));
        }
    }

    private static Description read(Path directory) throws IOException {
        Description description = JSON.readValue(Files.readString(directory.resolve(FILE)), Description.class);
        if (description.formatVersion() != VERSION) {
            throw new UserError(directory + " has format version " + description.formatVersion() + ", this program reads version "
                    + VERSION);
        }
        return description;
    }

    private static UserError damaged(Path directory, String what) {
        return new UserError("the baseline in " + directory + " is damaged: " + what
                + ". Delete the directory: it is computed again from the model that "
                + "the run started from.");
    }

    /** What decided the numbers. */
    public Map<String, String> of() {
        return description.of();
    }

    /** Whether every position has the same number, or the positions of this example have theirs. */
    public boolean has(String part, long index) {
        return isConstant() || parts.containsKey(part) && index + 1 < parts.get(part).offsets().length
                && parts.get(part).length(index) > 0;
    }

    private boolean isConstant() {
        return description.parts().isEmpty();
    }

    /** Number of positions of an example that have a number of their own. */
    public int length(String part, long index) {
        return has(part, index) && !isConstant() ? parts.get(part).length(index) : 0;
    }

    /** The number of all positions, where it is one. */
    public double constant() {
        if (!isConstant()) {
            throw new IllegalStateException("each position has a number of its own");
        }
        return description.constant();
    }

    /** The numbers of the positions of an example; nothing where none are known. */
    public float[] get(String part, long index) {
        Part values = parts.get(part);
        float[] numbers = new float[length(part, index)];
        if (numbers.length == 0) {
            return numbers;
        }
        ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        try {
            for (long at = 4 * values.offsets()[Math.toIntExact(index)]; bytes.hasRemaining(); ) {
                int read = values.values().read(bytes, at);
                if (read < 0) {
                    throw damaged(directory, part + ".values ends too early");
                }
                at += read;
            }
        } catch (IOException e) {
            throw new UserError("cannot read " + directory.resolve(part + ".values") + ": " + e.getMessage(), e);
        }
        bytes.flip().asFloatBuffer().get(numbers);
        return numbers;
    }

    /** Puts the same files into another directory, without copying their bytes where the disk can. */
    public static void share(Path from, Path to) {
        AtomicFiles.writeDirectory(to, target -> {
            List<String> names = new ArrayList<>(FileManifest.read(from).files().keySet());
            names.add(FileManifest.FILE);
            for (String name : names) {
                try {
                    Files.createLink(target.resolve(name), from.resolve(name));
                } catch (IOException | UnsupportedOperationException e) {
                    Files.copy(from.resolve(name), target.resolve(name));
                }
            }
        });
    }

    private static void close(Map<String, Part> parts) {
        try {
            for (Part part : parts.values()) {
                part.values().close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        close(parts);
    }
}
