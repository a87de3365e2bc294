package io.softq4j.tokens.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code manifest.json} of a token store.
 *
 * @param format          {@link #FORMAT}
 * @param formatVersion   {@link ShardFormat#VERSION}
 * @param examples        in all shards
 * @param tokens          in all shards
 * @param responseTokens  scored tokens in all shards, EOS included
 * @param examplesPerShard in every shard but the last, which may have fewer
 * @param shards          in order
 * @param tokenizerSha256 of {@code tokenizer.json} in the same directory
 * @param vocabularySize  every id is below it
 * @param eosId           the id that ends a response
 * @param pipeline        how rows became examples, as the pipeline writes itself
 * @param counts          what became of the corpus's rows
 */
public record Manifest(String format, int formatVersion, long examples, long tokens, long responseTokens, int examplesPerShard,
        List<Shard> shards,
                       String tokenizerSha256, int vocabularySize, int eosId, JsonNode pipeline, RowCounts counts) {

    /**
     * One shard.
     *
     * @param file     name in the same directory
     * @param examples number of examples
     * @param tokens   number of tokens
     * @param sha256   of the whole file, hexadecimal
     */
    public record Shard(String file, long examples, long tokens, String sha256) {

        public Shard {
            if (!file.matches("[A-Za-z0-9._-]+")) {
                throw new IllegalArgumentException("\"" + file + "\" is not a file name");
            }
        }
    }

    public static final String FORMAT = "softq4j token store";
    static final String FILE = "manifest.json";

    private static final JsonMapper MAPPER = Json.records().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    public Manifest {
        shards = List.copyOf(shards);
        if (examples < 0 || tokens < 0 || examplesPerShard < 1 || vocabularySize < 1 || eosId < 0 || eosId >= vocabularySize) {
            throw new IllegalArgumentException("a count is out of range");
        }
    }

    byte[] toJson() {
        return Json.indented(MAPPER.valueToTree(this)).getBytes(StandardCharsets.UTF_8);
    }

    static Manifest read(Path directory) {
        Path file = directory.resolve(FILE);
        JsonNode tree;
        try {
            tree = Json.STRICT.readTree(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new UserError("no token store at " + directory + ": there is no " + FILE
                    + ". Give the directory that softq prepare made (its train or "
                    + "validation part), or run softq prepare first");
        } catch (JsonProcessingException e) {
            throw new UserError(file + " is damaged: " + Json.reason(e) + ". Prepare the data again", e);
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e.getMessage(), e);
        }
        if (!FORMAT.equals(tree.path("format").asText())) {
            throw new UserError(file + " is not the manifest of a token store: its \"format\" is " + tree.path("format")
                    + ", expected \"" + FORMAT + "\"");
        }
        if (tree.path("format_version").asInt() != ShardFormat.VERSION) {
            throw new UserError(file + " has format version " + tree.path("format_version") + ", this program reads version "
                    + ShardFormat.VERSION
                    + "; prepare the data again");
        }
        try {
            return MAPPER.treeToValue(tree, Manifest.class);
        } catch (JsonProcessingException e) {
            throw new UserError(file + " is damaged: " + Json.reason(e) + ". Prepare the data again", e);
        }
    }
}
