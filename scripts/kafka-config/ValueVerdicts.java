import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * Prints which of some sample texts Kafka accepts for each public broker property: one digit per sample, 1 = accepted.
 * The tests hold our own validation to these verdicts.
 * Usage: java -cp '<kafka>/libs/*' ValueVerdicts.java > test/unit/model/kafka/kafka-verdicts-<version>.generated.json
 */
public class ValueVerdicts {
  private static final List<String> SAMPLES = List.of(
      "", "0", " 7 ", "1", "-1", "-2", "-3", "+5", "1.5", "0.5", "1e3", ".5", "-0.1", "1,5", "0x10", "1_000", "1L",
      "4", "9", "10", "17", "18", "22", "23", "25", "26", "99", "100", "500", "501", "1000", "1001", "1023", "1024",
      "2000", "10000", "10001", "30000", "86400", "86401", "524287", "524288", "1048576", "8388608", "3600000", "3600001",
      "32767", "32768", "2147483647", "2147483648", "-2147483648", "9223372036854775807", "9223372036854775808",
      "true", "TRUE", " false ", "yes", "null", "abc", "delete", "compact", "compact,delete", "compact, delete",
      "compact,compact", "delete,,compact", "delete,", "delete,gone", "CreateTime", "createtime", "LogAppendTime", "gzip",
      "GZIP", "producer", "classic,consumer", "DOWNGRADE", "downgrade", "required", "es256", "PLAINTEXT", "ssl", "a,b");

  public static void main(String[] arguments) throws Exception {
    ConfigDef definition = (ConfigDef) Class.forName("kafka.server.KafkaConfig").getMethod("configDef").invoke(null);
    Map<String, String> verdicts = new LinkedHashMap<>();
    for (ConfigDef.ConfigKey key : new TreeMap<>(definition.configKeys()).values()) {
      if (!key.internalConfig) verdicts.put(key.name, judge(key));
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("samples", SAMPLES);
    document.put("verdicts", verdicts);
    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(System.out, document);
  }

  private static String judge(ConfigDef.ConfigKey key) {
    StringBuilder digits = new StringBuilder();
    for (String sample : SAMPLES) digits.append(accepts(key, sample) ? '1' : '0');
    return digits.toString();
  }

  private static boolean accepts(ConfigDef.ConfigKey key, String sample) {
    try {
      Object value = ConfigDef.parseType(key.name, sample, key.type);
      if (key.validator != null) key.validator.ensureValid(key.name, value);
      return true;
    } catch (ConfigException refused) {
      return false;
    }
  }
}
