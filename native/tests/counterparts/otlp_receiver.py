"""An OpenTelemetry collector that knows nothing of udping: OpenTelemetry's own messages for Python.
At the port that it is given, or another, which it prints.

Refuses the first request for now (503), as a collector does that is busy; then prints a line of JSON
for each request: every sum of integers, by its name and its attributes, and what else there is.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2 as service


class Receiver(BaseHTTPRequestHandler):
    refused = False

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if not Receiver.refused:
            Receiver.refused = True
            self.send_response(503)
            self.end_headers()
            return
        try:
            request = service.ExportMetricsServiceRequest.FromString(body)
        except Exception as error:
            self.send_error(400, str(error))
            return
        sums, kinds = {}, {}
        for resource in request.resource_metrics:
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    kind = metric.WhichOneof("data")
                    kinds[metric.name] = kind
                    if kind == "sum":
                        assert metric.sum.is_monotonic and metric.sum.aggregation_temporality == 2
                        for point in metric.sum.data_points:
                            labels = {it.key: it.value.string_value for it in point.attributes}
                            name = ",".join([metric.name, *sorted(labels.values())])
                            sums[name] = point.as_int
        print(json.dumps({"headers": dict(self.headers), "sums": sums, "kinds": kinds}), flush=True)
        self.send_response(200)
        self.send_header("content-type", "application/x-protobuf")
        self.end_headers()
        self.wfile.write(service.ExportMetricsServiceResponse().SerializeToString())

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", int(sys.argv[1]) if sys.argv[1:] else 0), Receiver)
print(server.server_port, flush=True)
server.serve_forever()
