import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * Prints the public broker properties of the Kafka on the class path as JSON, from Kafka's own ConfigDef.
 * Usage: java -cp '<kafka>/libs/*' ConfigDump.java
 */
public class ConfigDump {
  public static void main(String[] arguments) throws Exception {
    Map<?, ?> updateModes = (Map<?, ?>) updateModes();
    ConfigDef definition = (ConfigDef) call("kafka.server.KafkaConfig", "configDef");
    List<Map<String, Object>> properties = new ArrayList<>();
    for (ConfigDef.ConfigKey key : new TreeMap<>(definition.configKeys()).values()) {
      if (!key.internalConfig) properties.add(describe(key, updateModes));
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("kafkaVersion", org.apache.kafka.common.utils.AppInfoParser.getVersion());
    document.put("properties", properties);
    new ObjectMapper().writeValue(System.out, document);
  }

  /** The member `default` is absent where Kafka requires a value, and null where no value is one. */
  private static Map<String, Object> describe(ConfigDef.ConfigKey key, Map<?, ?> updateModes) {
    Map<String, Object> property = new LinkedHashMap<>();
    property.put("name", key.name);
    property.put("type", key.type.toString());
    if (key.defaultValue != ConfigDef.NO_DEFAULT_VALUE) property.put("default", plain(key.defaultValue, key.type));
    if (key.validator != null) property.put("validator", key.validator.toString());
    if (key.type == ConfigDef.Type.LIST) property.put("nonEmpty", refusesEmptyList(key));
    property.put("updateMode", updateModes.containsKey(key.name) ? updateModes.get(key.name) : "read-only");
    property.put("documentation", key.documentation);
    return property;
  }

  /** What a list validator prints does not tell. */
  private static boolean refusesEmptyList(ConfigDef.ConfigKey key) {
    try {
      if (key.validator != null) key.validator.ensureValid(key.name, List.of());
      return false;
    } catch (ConfigException refused) {
      return true;
    }
  }

  /** As text, so that a LONG loses nothing on its way through JSON. */
  private static String plain(Object value, ConfigDef.Type type) {
    if (value instanceof Class) return ((Class<?>) value).getName();
    return value == null ? null : ConfigDef.convertToString(value, type);
  }

  /** A Java class from 4.3 on, a Scala companion object before. */
  private static Object updateModes() throws Exception {
    try {
      return call("org.apache.kafka.server.config.DynamicBrokerConfig", "dynamicConfigUpdateModes");
    } catch (ClassNotFoundException | NoSuchMethodException olderKafka) {
      return call("kafka.server.DynamicBrokerConfig", "dynamicConfigUpdateModes");
    }
  }

  /** Calls a static method, or the method of that name of a Scala companion object. */
  private static Object call(String className, String method) throws Exception {
    Class<?> type = Class.forName(className);
    try {
      return type.getMethod(method).invoke(null);
    } catch (NoSuchMethodException | NullPointerException notStatic) {
      Class<?> companion = Class.forName(className + "$");
      return companion.getMethod(method).invoke(companion.getField("MODULE$").get(null));
    }
  }
}
