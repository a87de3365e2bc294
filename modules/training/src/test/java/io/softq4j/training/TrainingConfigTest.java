package io.softq4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.UserError;
import io.softq4j.training.optim.LrSchedulerType;
import io.softq4j.training.optim.OptimizerType;
import io.softq4j.training.run.SaveDtype;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingConfigTest {

    private static final ObjectMapper SNAKE = JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS).build();

    @Test
    void theDefaultsAreThoseOfTrainingArguments() throws Exception {
        assertEquals("{\"num_train_epochs\":3.0,\"max_steps\":-1,\"per_device_train_batch_size\":8,\"gradient_accumulation_steps\":1,"
                + "\"optim\":\"ADAMW_TORCH\",\"learning_rate\":5.0E-5,\"weight_decay\":0.0,\"adam_beta1\":0.9,\"adam_beta2\":0.999,\"adam_epsilon\":1.0E-8,"
                + "\"sgd_momentum\":0.0,\"max_grad_norm\":1.0,"
                + "\"warmup_steps\":0,\"lr_scheduler_type\":\"LINEAR\",\"seed\":42,\"logging_steps\":10,\"save_steps\":500,\"save_total_limit\":2,"
                + "\"packing\":false,\"max_length\":1024,\"bucket_multiple\":16,\"gradient_checkpointing\":false,"
                + "\"save_dtype\":\"FLOAT32\",\"max_shard_size\":\"5GB\",\"max_eval_samples\":1000}", SNAKE.writeValueAsString(TrainingConfig.defaults()));
    }

    @Test
    void everyKeyIsReadIntoItsComponent() throws Exception {
        TrainingConfig read = SNAKE.readValue("{\"num_train_epochs\":1.5,\"max_steps\":7,\"per_device_train_batch_size\":2,"
                + "\"gradient_accumulation_steps\":3,\"optim\":\"sgd\",\"learning_rate\":0.1,\"weight_decay\":0.2,\"adam_beta1\":0.3,\"adam_beta2\":0.4,"
                + "\"adam_epsilon\":0.5,\"sgd_momentum\":0.55,\"max_grad_norm\":0.6,\"warmup_steps\":8,\"lr_scheduler_type\":\"cosine\",\"seed\":9,\"logging_steps\":10,"
                + "\"save_steps\":11,\"save_total_limit\":12,\"packing\":true,\"max_length\":13,\"bucket_multiple\":14,\"gradient_checkpointing\":true,"
                + "\"save_dtype\":\"bfloat16\",\"max_shard_size\":\"15MB\"}", TrainingConfig.class);
        assertEquals(TrainingConfig.defaults().with(c -> c.numTrainEpochs(1.5).maxSteps(7).perDeviceTrainBatchSize(2)
                .gradientAccumulationSteps(3).optim(OptimizerType.SGD).learningRate(0.1).weightDecay(0.2).adamBeta1(0.3).adamBeta2(0.4).adamEpsilon(0.5).sgdMomentum(0.55)
                .maxGradNorm(0.6).warmupSteps(8).lrSchedulerType(LrSchedulerType.COSINE).seed(9).saveSteps(11).saveTotalLimit(12)
                .packing(true).maxLength(13).bucketMultiple(14).gradientCheckpointing(true).saveDtype(SaveDtype.BFLOAT16)
                .maxShardSize("15MB").maxEvalSamples(0)),
                read);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "max_steps                   | 0     | max_steps must be above 0, or -1, was 0",
        "num_train_epochs            | 0     | num_train_epochs must be above 0, was 0",
        "per_device_train_batch_size | 0     | per_device_train_batch_size must be at least 1, was 0",
        "gradient_accumulation_steps | -2    | gradient_accumulation_steps must be at least 1, was -2",
        "learning_rate               | -1    | learning_rate must be above 0, was -1",
        "learning_rate               | \"NaN\" | learning_rate must be above 0, was NaN",
        "weight_decay                | -0.5  | weight_decay must be at least 0, was -0.5",
        "adam_beta1                  | 1     | adam_beta1 must be at least 0 and below 1, was 1",
        "adam_beta2                  | -0.1  | adam_beta2 must be at least 0 and below 1, was -0.1",
        "adam_epsilon                | 0     | adam_epsilon must be above 0, was 0",
        "optim                       | null  | optim must be one of adamw_torch, sgd; it has no value",
        "sgd_momentum                | 1     | sgd_momentum must be at least 0 and below 1 (0 is none, and nothing to remember; 0.9 is usual), was 1",
        "max_grad_norm               | -1    | max_grad_norm must be at least 0 (0: no clipping), was -1",
        "warmup_steps                | -1    | warmup_steps must be at least 0, was -1",
        "lr_scheduler_type           | null  | lr_scheduler_type must be one of constant, cosine, linear; it has no value",
        "logging_steps               | 0     | logging_steps must be at least 1, was 0",
        "save_steps                  | -1    | save_steps must be at least 0 (0 is only at the end), was -1",
        "save_total_limit            | -1    | save_total_limit must be at least 0 (0 is all), was -1",
        "max_length                  | 1     | max_length must be at least 2, was 1",
        "bucket_multiple             | 0     | bucket_multiple must be at least 1, was 0",
        "save_dtype                  | null  | save_dtype must be one of float32, bfloat16; it has no value",
        "max_shard_size              | \"0GB\" | max_shard_size must be at least one byte, was 0",
    })
    void aValueOutOfRangeIsNamedWithItsRange(String key, String value, String message) throws Exception {
        ObjectNode json = SNAKE.valueToTree(TrainingConfig.defaults());
        json.set(key, SNAKE.readTree(value));
        Throwable wrapped = assertThrows(ValueInstantiationException.class, () -> SNAKE.treeToValue(json, TrainingConfig.class)).getCause();
        assertEquals(UserError.class, wrapped.getClass());
        assertEquals(message, wrapped.getMessage());
    }

    @Test
    void rowsInAnUpdateAreCountedWithoutOverflow() {
        assertEquals("per_device_train_batch_size times gradient_accumulation_steps must be at most 2147483647 rows in an update, was 8 times 268435456. "
                + "Lower one of them", assertThrows(UserError.class, () -> TrainingConfig.defaults().with(c -> c.perDeviceTrainBatchSize(8)
                .gradientAccumulationSteps(1 << 28))).getMessage());
        assertEquals(Integer.MAX_VALUE - 7, TrainingConfig.defaults().with(c -> c.perDeviceTrainBatchSize(8).gradientAccumulationSteps((1 << 28) - 1))
                .rowsPerStep());
    }
}
