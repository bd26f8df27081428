import { Agent, setGlobalDispatcher, type Dispatcher } from 'undici';
import { cfblockInterceptor } from 'cfblock/undici';

const interceptor: Dispatcher.DispatcherComposeInterceptor = cfblockInterceptor({
  throw: true,
  onVerdict: (verdict, { url, request, response }) =>
    console.log(verdict.class, url, request.opaque, response.statusCode, response.headers['cf-ray']),
});
setGlobalDispatcher(new Agent().compose(interceptor, cfblockInterceptor()));

// @ts-expect-error no such option
cfblockInterceptor({ hold: true });
