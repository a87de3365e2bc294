package io.softq4j.data.read;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.softq4j.common.UserError;
import io.softq4j.data.row.Row;
import io.softq4j.data.row.RowError;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a file holds: rows that are well formed, errors of the user, an end, and memory that does not depend on what the file says. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class FuzzTest {

    private static final int MUTATIONS = Integer.getInteger("fuzz.mutations", 25);
    private static final int SEED = Integer.getInteger("fuzz.seed", 100);
    private static final long MOST_BYTES = 256L << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    Path home;

    @ParameterizedTest
    @EnumSource
    void damagedTextGivesOnlyRowsAndErrorsOfTheUser(Packed packed) throws IOException {
        Random random = new Random(SEED + packed.ordinal());
        for (int i = 0; i < MUTATIONS; i++) {
            Tables table = Tables.random(random);
            check(Format.JSONL, SampleBy.LINE, damage(table.jsonLines(random), packed, random));
            check(Format.JSON, SampleBy.LINE, damage(table.json(random), packed, random));
            check(Format.CSV, SampleBy.LINE, damage(table.separated(random, ','), packed, random));
            check(Format.TSV, SampleBy.LINE, damage(table.separated(random, '\t'), packed, random));
            check(Format.TEXT, SampleBy.values()[i % 3], damage(table.separated(random, ' '), packed, random));
        }
    }

    @ParameterizedTest
    @EnumSource(value = CompressionCodecName.class, names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD"})
    void damagedParquetGivesOnlyRowsAndErrorsOfTheUser(CompressionCodecName codec) throws IOException {
        Random random = new Random(SEED + 100 + codec.ordinal());
        for (int i = 0; i < MUTATIONS / 5; i++) {
            byte[] whole = Tables.random(random).parquet(home.resolve("scratch"), codec);
            for (int k = 0; k < 20; k++) {
                check(Format.PARQUET, SampleBy.LINE, mutate(whole, random));
            }
        }
    }

    /** Damages the contents or what they are compressed to. */
    private static byte[] damage(byte[] bytes, Packed packed, Random random) throws IOException {
        return random.nextBoolean() ? packed.of(mutate(bytes, random)) : mutate(packed.of(bytes), random);
    }

    private static byte[] mutate(byte[] bytes, Random random) {
        byte[] mutated = bytes.clone();
        for (int n = 1 + random.nextInt(3); n > 0 && mutated.length > 0; n--) {
            int at = random.nextInt(mutated.length);
            switch (random.nextInt(6)) {
                case 0 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> mutated[at] = (byte) random.nextInt(256);
                case 2 -> mutated = Arrays.copyOf(mutated, at);
                case 3 -> mutated = splice(mutated, at, mutated, random.nextInt(mutated.length), random.nextInt(300));
                case 4 -> mutated = splice(mutated, at, "\"\\\n,[]{}\t\r".getBytes(StandardCharsets.UTF_8), random.nextInt(10), 1);
                // at the ends, where formats keep what they depend on
                default -> mutated[random.nextBoolean() ? at % 12 % mutated.length : mutated.length - 1 - at % 64 % mutated.length] = (byte) random.nextInt(256);
            }
        }
        return mutated;
    }

    /** Puts {@code n} bytes of {@code from} in at {@code at}. */
    private static byte[] splice(byte[] bytes, int at, byte[] from, int start, int n) {
        byte[] piece = Arrays.copyOfRange(from, start, Math.min(from.length, start + n));
        byte[] spliced = new byte[bytes.length + piece.length];
        System.arraycopy(bytes, 0, spliced, 0, at);
        System.arraycopy(piece, 0, spliced, at, piece.length);
        System.arraycopy(bytes, at, spliced, at + piece.length, bytes.length - at);
        return spliced;
    }

    private void check(Format format, SampleBy sampleBy, byte[] bytes) throws IOException {
        CorpusFile file = new CorpusFile(Files.write(home.resolve("x"), bytes), "x", format);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try (RowSource rows = RowSources.open(file, new ReadOptions(sampleBy, List.of()))) {
            long number = 0;
            for (boolean more = true; more;) {
                try {
                    Row row = rows.next();
                    more = row != null;
                    if (more) {
                        assertTrue(row.line() > number, "rows go on");
                        number = row.line();
                        Row.fields(row.object()).values().forEach(String::length);
                    }
                } catch (RowError e) {
                    assertTrue(e.line() > number && e.getMessage().startsWith("x:" + e.line() + ": "), e.getMessage());
                    number = e.line();
                }
            }
        } catch (UserError e) {
            assertTrue(e.getMessage().startsWith("x"), e.getMessage());
        } catch (RuntimeException | Error e) {
            throw new AssertionError(format + " of " + Arrays.toString(Arrays.copyOf(bytes, Math.min(bytes.length, 2000))), e);
        }
        long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertTrue(taken < MOST_BYTES, () -> format + " took " + (taken >> 20) + " MiB");
    }
}
