import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** Requests the URL of the first argument with the key of the second, by the proxy of the system properties. */
class Client {
  public static void main(String[] arguments) throws Exception {
    var client = HttpClient.newBuilder().proxy(ProxySelector.getDefault()).build();
    var request = HttpRequest.newBuilder(URI.create(arguments[0])).header("authorization", "Bearer " + arguments[1]);
    var answer = client.send(request.build(), BodyHandlers.ofString());
    System.out.print(answer.statusCode());
  }
}
