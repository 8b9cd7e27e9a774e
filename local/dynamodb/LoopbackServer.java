import com.amazonaws.services.dynamodbv2.local.main.ServerRunner;
import com.amazonaws.services.dynamodbv2.local.server.DynamoDBProxyServer;
import java.lang.reflect.Field;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** DynamoDB Local listens on all interfaces and has no option for it: this binds it to the loopback address. */
public class LoopbackServer {
    public static void main(String[] arguments) throws Exception {
        DynamoDBProxyServer server = ServerRunner.createServerFromCommandLineArgs(arguments);
        int bound = 0;
        for (Field field : DynamoDBProxyServer.class.getDeclaredFields()) {
            if (!Server.class.isAssignableFrom(field.getType())) continue;
            field.setAccessible(true);
            for (Connector connector : ((Server) field.get(server)).getConnectors()) {
                if (connector instanceof ServerConnector tcp) {
                    tcp.setHost("127.0.0.1");
                    bound++;
                }
            }
        }
        if (bound == 0) throw new IllegalStateException("found no connector to bind to 127.0.0.1: is this DynamoDB Local 2.6?");
        server.start();
        server.join();
    }
}
