import 'element-plus/es/components/base/style/css'
import './theme.css'
import { createApp } from 'vue'
import App from './App.vue'
import { i18n, locale } from './i18n'
import { router } from './router'

document.documentElement.lang = locale()
createApp(App).use(i18n).use(router).mount('#app')
